import { expect, it } from "vitest";
import { MiniEngine, secret } from "../../test/support/mini-engine.ts";
import { createShelf } from "../../test/support/shelf.ts";

const box = "shelf:index/box:Box";
const here = "https://shelf.example.com";
const there = "https://other.example.com";

/** What the engine has of a provider in its state, and starts it with before the program runs. */
const stored = { password: secret("of-old"), address: there };

async function start(environment: NodeJS.ProcessEnv, providerName = "default_1_2_3") {
  const { shelf, plugin } = createShelf();
  const engine = await MiniEngine.start(plugin, stored, { environment, providerName });
  return { shelf, engine };
}

it("takes the stack's present configuration before what the state has, for a default provider", async () => {
  const { shelf } = await start({ PULUMI_CONFIG: `{"password":"rotated"}` });
  expect(shelf.password).toBe("rotated");
});

it("takes the present environment where the configuration does not say", async () => {
  const { shelf } = await start({ PULUMI_CONFIG: "{}", SHELF_PASSWORD: "from-the-environment" });
  expect(shelf.password).toBe("from-the-environment");
});

it("takes its arguments alone for a provider that the program declares", async () => {
  const { shelf } = await start({ PULUMI_CONFIG: `{"password":"rotated"}` }, "second-shelf");
  expect(shelf.password).toBe("of-old");
});

it("keeps a secret of the configuration out of errors", async () => {
  const { shelf, engine } = await start({ PULUMI_CONFIG: `{"password":"rotated"}` });
  shelf.failing = true;
  await expect(engine.create(box, "a", { label: "a" })).rejects.not.toThrow(/rotated/);
});

it("records the address that a default provider has from the environment, and nothing secret", async () => {
  const environment = { PULUMI_CONFIG: "{}", SHELF_PASSWORD: "hush-hush", SHELF_ADDRESS: here };
  const { engine } = await start(environment);
  expect(await engine.checkConfig({}, "default_1_2_3")).toEqual({ address: here });
  expect(await engine.checkConfig({}, "second-shelf")).toEqual({});
});

it("keeps in state what is missing on a server with another address than the state's", async () => {
  const { engine } = await start({
    PULUMI_CONFIG: `{"password":"open-sesame","address":"${here}"}`,
  });
  const made = await engine.create(box, "a", { label: "a" });
  expect(await engine.refresh(made)).toBeDefined();
  await engine.delete(made);
  await expect(engine.refresh(made)).rejects.toThrow(
    `shelf:address is ${here}, where what the state tells of is not; it was made on ${there}. Nothing was taken out of the state. Set shelf:address back; or make everything anew there: TRUNKLINE_START_ANEW_ON=${here} pulumi up`,
  );
});

it("takes everything for gone on a new server where that is asked for, also what has its name there", async () => {
  const environment = {
    PULUMI_CONFIG: `{"password":"open-sesame","address":"${here}"}`,
    TRUNKLINE_START_ANEW_ON: `${here}/`,
  };
  const { engine } = await start(environment);
  const made = await engine.create(box, "a", { label: "a" });
  expect(await engine.refresh(made)).toBeUndefined();
});

it("goes on as ever at the state's own address, whatever an earlier command asked for", async () => {
  const environment = {
    PULUMI_CONFIG: `{"password":"open-sesame","address":"${there}"}`,
    TRUNKLINE_START_ANEW_ON: there,
  };
  const { engine } = await start(environment);
  const made = await engine.create(box, "a", { label: "a" });
  expect(await engine.refresh(made)).toBeDefined();
  await engine.delete(made);
  expect(await engine.refresh(made)).toBeUndefined();
});

it("says once that the server cannot be used, and keeps the state of all", async () => {
  const { plugin } = createShelf();
  const verify = () => Promise.reject(new Error("the shelf is locked"));
  const engine = await MiniEngine.start({ ...plugin, verify }, stored);
  const made = { token: box, name: "a", id: "a", inputs: { label: "a" }, state: { label: "a" } };
  const refreshes = await Promise.allSettled([engine.refresh(made), engine.refresh(made)]);
  expect(refreshes).toMatchObject([
    { status: "rejected", reason: { message: expect.stringContaining("the shelf is locked") } },
    { status: "fulfilled", value: made },
  ]);
  await expect(engine.check(box, "b", { label: "b" })).rejects.toThrow(
    'Box "b": shelf cannot be used, as another error here says.',
  );
  await expect(engine.import(box, "a", "a")).rejects.toThrow("cannot be used");
});
