import { beforeEach, describe, expect, it } from "vitest";
import {
  CheckFailed,
  HalfCreated,
  MiniEngine,
  secret,
  unknownValue,
} from "../../test/support/mini-engine.ts";
import { createShelf, type Shelf } from "../../test/support/shelf.ts";

const box = "shelf:index/box:Box";
const crate = "shelf:index/crate:Crate";

let engine: MiniEngine;
let shelf: Shelf;
beforeEach(async () => {
  const created = createShelf();
  shelf = created.shelf;
  engine = await MiniEngine.start(created.plugin, { password: secret("open-sesame") });
});

describe("secrets", () => {
  it("stay secret from program to state, declared or not", async () => {
    const stored = await engine.create(box, "a", { label: "a", note: secret("hush-hush") });
    expect(stored.inputs.note).toEqual(secret("hush-hush"));
    expect(stored.state.note).toEqual(secret("hush-hush"));
    expect(stored.state.key).toEqual(secret("key-of-a"));
    expect(stored.state.label).toBe("a");
  });

  it("follow the kind's rule about other inputs", async () => {
    const stored = await engine.create(box, "a", {
      label: "a",
      note: "plain",
      lock: { code: "1" },
    });
    expect(stored.state.note).toEqual(secret("plain"));
    const open = await engine.create(box, "b", { label: "b", note: "plain" });
    expect(open.state.note).toBe("plain");
  });

  it("stay secret through a refresh", async () => {
    const stored = await engine.create(box, "a", { label: "a", note: secret("hush-hush") });
    expect(await engine.refresh(stored)).toEqual(stored);
  });

  it("never stand in an error, though the server quotes them", async () => {
    const inputs = { label: "a", note: secret("hush-hush") };
    const stored = await engine.create(box, "a", inputs);
    shelf.failing = true;
    const update = engine.update(stored, { ...inputs, weight: 2 });
    await expect(update).rejects.toThrow(/^Box "a": shelf: POST \/boxes answered 507: no room for/);
    shelf.failing = true;
    const fault = await engine.update(stored, { ...inputs, weight: 2 }).catch(String);
    expect(fault).toContain("[secret]");
    expect(fault).not.toMatch(/hush-hush|open-sesame/);
  });

  it("leave no end in clear when one begins with another", async () => {
    const inputs = { label: "a", note: secret("open-sesame-and-more") };
    const stored = await engine.create(box, "a", inputs);
    shelf.failing = true;
    const fault = await engine.update(stored, { ...inputs, weight: 2 }).catch(String);
    expect(fault).not.toContain("and-more");
  });

  it("never stand in a fault of a check", async () => {
    const check = engine.check(box, "a", { label: secret({ hush: "hush" }) });
    const fault = await check.catch(String);
    expect(fault).toContain("[secret]");
    expect(fault).not.toContain("hush");
  });

  it("never stand in the error of a half-made object, whose state still has them", async () => {
    shelf.failing = true;
    const creation = engine.create(box, "a", { label: "a", note: secret("hush-hush") });
    const fault = await creation.catch((error: unknown) => error);
    if (!(fault instanceof HalfCreated)) throw fault;
    expect(fault.message).not.toMatch(/hush-hush|key-of-a|open-sesame/);
    expect(fault.stored).toMatchObject({ id: "a", state: { note: secret("hush-hush") } });
  });

  it("come with the answers of lookups", async () => {
    expect(await engine.invoke("shelf:index/getBox:getBox", { label: "a" })).toEqual({
      label: "a",
      found: false,
      key: secret("key-of-a"),
    });
  });
});

describe("a check", () => {
  it("fills defaults and keeps what a preview cannot know", async () => {
    const inputs = await engine.check(box, "a", { label: unknownValue, place: "top" });
    expect(inputs).toEqual({ label: unknownValue, place: "top", weight: 1 });
  });

  it("reports faults of types together, and the kind's own rules after them", async () => {
    const types = engine.check(box, "a", { weight: 0, colour: "red" });
    await expect(types).rejects.toMatchObject({ properties: ["colour", "label", "weight"] });
    const rules = engine.check(box, "a", { label: "a", weight: 10, place: "top" });
    await expect(rules).rejects.toMatchObject({ properties: ["weight"] });
    await expect(rules).rejects.toThrow(CheckFailed);
  });

  it("names an object after its resource, and keeps that name", async () => {
    const stored = await engine.create(crate, "books", {});
    expect(stored.inputs.name).toMatch(/^books-[0-9a-f]{7}$/);
    const moved = { ...stored, inputs: { name: "older-name" }, state: { name: "older-name" } };
    expect(await engine.preview(moved, {})).toEqual({ step: "same", changed: [] });
    expect(await engine.check(crate, "books", { name: "mine" })).toEqual({ name: "mine" });
  });
});

describe("the configuration", () => {
  it("names the setting and the environment variable that is missing", async () => {
    const { plugin } = createShelf();
    const engine = await MiniEngine.start(plugin, {});
    await expect(engine.check(box, "a", { label: "a" })).rejects.toThrow(
      'Box "a": shelf: password is missing. Set it. Where: pulumi config set --secret shelf:password or SHELF_PASSWORD.',
    );
  });

  it("is told once where it is missing, without a trace, and the state of all is kept", async () => {
    const engine = await MiniEngine.start(createShelf().plugin, {});
    const made = { token: box, name: "a", id: "a", inputs: { label: "a" }, state: { label: "a" } };
    const refreshes = await Promise.allSettled([engine.refresh(made), engine.refresh(made)]);
    expect(refreshes).toMatchObject([
      {
        status: "rejected",
        reason: { message: expect.not.stringContaining("fault of the plugin") },
      },
      { status: "fulfilled", value: made },
    ]);
    await expect(engine.delete(made)).rejects.toThrow("cannot be used, as another error here says");
  });

  it("reads numbers from text, as the engine sends them", async () => {
    const { plugin } = createShelf();
    await expect(
      MiniEngine.start(plugin, { password: "open-sesame", retries: "7" }),
    ).resolves.toBeDefined();
    const engine = await MiniEngine.start(plugin, { password: "open-sesame", retries: "many" });
    await expect(engine.check(box, "a", { label: "a" })).rejects.toThrow(/retries/);
  });
});

it("says so when the fault is the plugin's own", async () => {
  await expect(engine.create("shelf:index/bag:Bag", "a", {})).rejects.toThrow(
    /^Bag "a": this is a fault of the plugin\. TypeError: shelf has no resource/,
  );
});

it("leaves the program's own spelling alone in a refresh when the server means the same", async () => {
  const stored = await engine.create(box, "a", { label: "a", tags: ["x", "y"] });
  shelf.boxes.set("a", { ...shelf.boxes.get("a"), tags: ["y", "x"], weight: 2 });
  const refreshed = await engine.refresh(stored);
  expect(refreshed?.inputs).toEqual({ ...stored.inputs, weight: 2 });
  expect(refreshed?.state.tags).toEqual(["y", "x"]);
});

describe("a preview", () => {
  it("foresees a create without doing it, secrets still secret", async () => {
    const foreseen = await engine.foresee(box, { label: "a", note: secret("hush-hush") });
    expect(foreseen).toEqual({
      label: "a",
      weight: 1,
      note: secret("hush-hush"),
      place: unknownValue,
      key: secret(unknownValue),
    });
    expect(shelf.boxes.size).toBe(0);
  });

  it("foresees an update without doing it: what is stable stays known", async () => {
    const stored = await engine.create(box, "a", { label: "a" });
    const foreseen = await engine.foresee(box, { label: "a", weight: 2 }, stored);
    expect(foreseen).toMatchObject({ weight: 2, key: secret("key-of-a") });
    expect(shelf.boxes.get("a")).toMatchObject({ weight: 1 });
  });
});

describe("an input whose changes the program ignores", () => {
  it("is left as it is on the server, whatever was there when it was last read", async () => {
    const inputs = { label: "a", weight: 1, tags: ["x"] };
    const stored = await engine.create(box, "a", inputs);
    shelf.boxes.set("a", { ...shelf.boxes.get("a"), weight: 5 });
    const news = { ...inputs, tags: ["y"] };
    const updated = await engine.update(stored, news, ["weight"]);
    expect(shelf.boxes.get("a")).toMatchObject({ weight: 5, tags: ["y"] });
    expect(updated.state.weight).toBe(5);
    expect(await engine.preview(updated, news, ["weight"])).toEqual({ step: "same", changed: [] });
  });
});

describe("a deletion", () => {
  it("goes by the program's last word, also on what is no reason to update", async () => {
    const stored = await engine.create(box, "a", { label: "a", reason: "first" });
    await engine.delete({ ...stored, inputs: { ...stored.inputs, reason: "last" } });
    expect(shelf.lastReason).toBe("last");
  });
});
