import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HandMadeWorld, secretsOfWorld } from "../support/hand-made-world.ts";
import { type Scene, sceneForTest, startScene } from "./scene.ts";

/** A port that nobody listens on any more. */
const closed = await findClosedPort();
let scene: Scene;
let world: HandMadeWorld;
let before: unknown;
let adopted: { succeeded: boolean; text: string };

beforeAll(async () => {
  scene = await startScene({
    name: "prod",
    configuration: { "gitlab:retries": 1, "aptly:retries": 1 },
  });
  world = new HandMadeWorld(scene.servers);
  await world.make();
  before = await world.look();
  scene.servers.gitlab.sandbox.requests.reset();
  adopted = await scene.stack.run("adopt/main.ts", "--stack", "prod", "--group", "infra");
});

afterAll(() => scene?.stop());

test("adopts a world made by hand, and changes nothing of it", async () => {
  expect(adopted.succeeded, adopted.text).toBe(true);
  const { requests } = scene.servers.gitlab.sandbox;
  expect(Object.keys(requests.counts()).filter((call) => !call.startsWith("GET "))).toEqual([]);
  expect(await world.look()).toEqual(before);
});

test("says what is left alone, and what hand-written pipelines suffer from", () => {
  for (const sentence of [
    "infra/attic is archived; what is in it is left alone",
    "infra/secretive: variable NEVER_SHOWN is hidden",
    "infra/secretive: variable APTLY_URL cannot be expressed",
    "infra/datahook: topics ros cannot be expressed",
    "aptly: repository scratch (1 package) is left alone",
    "infra/datahook: kept (pipeline: own)",
    "[stages](stages): is a link of Markdown",
    "files go from job to job through cache",
    "3 uploads by curl without --fail",
    "Git strategy fetch",
    "images without a digest",
  ]) {
    expect(adopted.text).toContain(sentence);
  }
});

test("previews no change of anything that was there, nor a creation", async () => {
  const preview = await scene.stack.preview();
  expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
});

async function expectNoSecrets() {
  const places = [
    adopted.text,
    await scene.stack.readFile("Pulumi.prod.yaml"),
    await scene.stack.readFile("import.prod.json"),
    await scene.stack.readState(),
  ];
  for (const place of places) {
    for (const secret of Object.values(secretsOfWorld)) {
      expect(place.includes(secret.trim().split("\n").at(1) ?? secret)).toBe(false);
    }
  }
}

test("keeps secrets out of the configuration, the state and what it prints", expectNoSecrets);

test("leaves everything as it was after the first update, too", async () => {
  const applied = await scene.stack.up();
  expect(applied, applied.text).toMatchObject({ succeeded: true, steps: {} });
  expect(await world.look()).toEqual(before);
  await expectNoSecrets();
});

test.each([
  [
    { GITLAB_TOKEN: "glpat-none" },
    "infra",
    /^adopt: gitlab: GET .* answered 401: .*Check the token/,
  ],
  [
    { GITLAB_BASE_URL: `http://127.0.0.1:${closed}/api/v4/` },
    "infra",
    /^adopt: gitlab: GET .* got no answer/,
  ],
  [{ APTLY_URL: `http://127.0.0.1:${closed}/api` }, "infra", /^adopt: aptly: GET .* got no answer/],
  [{ APTLY_PASSWORD: "wrong" }, "infra", /^adopt: aptly: GET .* answered 401/],
  [{}, "nowhere", /^adopt: There is no group "nowhere" that the token sees/],
])("with %j and %s says one sentence and touches no file", async (environment, group, sentence) => {
  const file = await scene.stack.readFile("Pulumi.prod.yaml");
  scene.stack.connect(environment);
  const refused = await scene.stack.run("adopt/main.ts", "--stack", "prod", "--group", group);
  scene.stack.connect(scene.servers.environment);
  expect(refused).toEqual({ succeeded: false, text: expect.stringMatching(sentence) });
  expect(refused.text.split("\n")).toHaveLength(1);
  expect(await scene.stack.readFile("Pulumi.prod.yaml")).toBe(file);
});

test("adopts what has come since when it is run again", async () => {
  await scene.servers.gitlab.call("POST", "/projects", {
    name: "late",
    path: "late",
    namespace_id: (await scene.servers.gitlab.call<{ id: number }>("GET", "/groups/infra")).id,
  });
  const again = await scene.stack.run("adopt/main.ts", "--stack", "prod", "--group", "infra");
  expect(again.succeeded, again.text).toBe(true);
  expect(again.text).toContain("Importing 1 objects");
  expect(await scene.stack.preview()).toMatchObject({ succeeded: true, steps: {} });
});

test("takes a pipeline over that is to become the stack's, and lists what that changes", async () => {
  const { servers, stack } = await sceneForTest({
    name: "prod",
    configuration: { "gitlab:retries": 1, "aptly:retries": 1, "trunkline:images": "existing" },
  });
  const own = new HandMadeWorld(servers);
  await own.make();
  const there = await own.look();
  const list = ["--stack", "prod", "--group", "infra", "--take-over-pipelines"];
  const taken = await stack.run("adopt/main.ts", ...list, "--skip", "nightly", "--skip", "ying");
  expect(taken.succeeded, taken.text).toBe(true);
  expect(taken.text).toContain("infra/datahook: taken over");
  expect(taken.text).toContain("- infra/nightly is left alone, as asked.");
  expect(await own.look()).toEqual(there);
  const { steps, changes } = await stack.preview();
  // The plugins' own settings take in their servers' addresses.
  const changing = Object.entries(steps).filter(
    ([name, step]) => !step.startsWith("create") && !name.includes(" default_"),
  );
  expect(Object.fromEntries(changing)).toEqual({
    "Project datahook-project": expect.stringMatching(/^update .*\bbuildGitStrategy\b/),
    "RepositoryFile datahook-pipeline": expect.stringMatching(/^update .*\bcontent\b/),
  });
  // A component is nothing in GitLab.
  const created = changes.flatMap(({ operation, urn }) => {
    const [, , types = "", name = ""] = urn.split("::");
    const type = types.slice(types.lastIndexOf("$") + 1);
    const isObject = /^(gitlab|aptly):/.test(type);
    return operation === "create" && isObject ? [`- ${type.split(":").at(-1)} ${name}\n`] : [];
  });
  expect(created).toContain("- Project ci-project\n");
  for (const line of created) expect(taken.text).toContain(line);
});

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
