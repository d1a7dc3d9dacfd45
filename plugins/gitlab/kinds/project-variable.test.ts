import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { type MiniEngine, type Stored, secret } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/projectVariable:ProjectVariable";

const urlOf = (id: string) => {
  const [project, key, scope] = id.split(":");
  return `/projects/${project}/variables/${key}?filter[environment_scope]=${scope}`;
};

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/projects", { name: "ying" });
    return {
      engine: scene.engine,
      inputs: {
        project: String(id),
        key: "APTLY_USER",
        value: "uploader",
        environmentScope: "prod",
      },
      update: {
        inputs: { value: "$USER-2", raw: true, protected: true, description: "For uploads" },
        seen: { value: "$USER-2", raw: true, protected: true, description: "For uploads" },
      },
      replace: { key: "APTLY_LOGIN" },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => scene.call("DELETE", urlOf(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a project's variable", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/projects", { name: "datahook" });
    project = String(id);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const create = (key: string, inputs: Values, engine: MiniEngine = scene.engine) =>
    engine.create(token, key, { project, key, ...inputs });

  it("is a secret in state once masked, though the program did not say so", async () => {
    const stored = await create("MASKED", { value: "hush-hush-1", masked: true });
    expect(stored.state.value).toEqual(secret("hush-hush-1"));
    expect(stored.inputs.value).toEqual(secret("hush-hush-1"));
    expect((await create("OPEN", { value: "plain" })).state.value).toBe("plain");
  });

  it("keeps its value when it is hidden, and is not written to for it", async () => {
    const inputs = { value: "hush-hush-1", masked: true, hidden: true };
    const stored = await create("HIDDEN", inputs);
    expect(await scene.look(urlOf(stored.id))).toMatchObject({ hidden: true, value: null });
    expect(await scene.engine.refresh(stored)).toEqual(stored);
    scene.sandbox.requests.reset();
    const changed = { project, key: "HIDDEN", ...inputs, description: "d" };
    const { stored: after } = await scene.engine.up(stored, changed);
    expect(after.state.value).toEqual(secret("hush-hush-1"));
    await scene.engine.update(after, changed);
    expect(scene.sandbox.requests.count("PUT /projects/:id/variables/:key")).toBe(1);
  });

  it("is replaced, the old one first, to become hidden", async () => {
    const inputs = { project, key: "LATER", value: "hush-hush-1", masked: true };
    const stored = await create("LATER", inputs);
    const result = await scene.engine.up(stored, { ...inputs, hidden: true });
    expect(result.step).toBe("replace");
  });

  it("exists once for each scope", async () => {
    const one = await create("SCOPED", { value: "a", environmentScope: "review/*" });
    const two = await create("SCOPED", { value: "b" });
    expect([one.id, two.id]).toEqual([`${project}:SCOPED:review/*`, `${project}:SCOPED:*`]);
    await scene.engine.delete(one);
    expect(await scene.look(urlOf(two.id))).toMatchObject({ value: "b" });
  });

  it("can be imported by an id without scope, as older state has it", async () => {
    await create("OLDER", { value: "a" });
    const imported = await scene.engine.import(token, "older", `${project}:OLDER`);
    expect(imported?.id).toBe(`${project}:OLDER:*`);
    const refreshed = await scene.engine.refresh({
      ...(imported as Stored),
      id: `${project}:OLDER`,
    });
    expect(refreshed?.id).toBe(`${project}:OLDER:*`);
  });

  it("cannot be imported by an id that is none", async () => {
    await expect(scene.engine.import(token, "none", "7")).rejects.toThrow(
      /^ProjectVariable "none": id "7" is not of the form/,
    );
  });

  it("that was changed by hand is put back", async () => {
    const stored = await create("DRIFT", { value: "ours" });
    await scene.call("PUT", urlOf(stored.id), { value: "theirs" });
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    expect(refreshed?.state.value).toBe("theirs");
    const { step } = await engine.up(refreshed as Stored, stored.inputs);
    expect(step).toBe("update");
    expect(await scene.look(urlOf(stored.id))).toMatchObject({ value: "ours" });
  });

  it("is read with its siblings in one request", async () => {
    const siblings = await Promise.all(["A", "B", "C"].map((key) => create(key, { value: "x" })));
    const engine = await scene.connect();
    scene.sandbox.requests.reset();
    await Promise.all(siblings.map((stored) => engine.refresh(stored)));
    expect(scene.sandbox.requests.counts()).toEqual({
      "GET /user": 1,
      "GET /projects/:id/variables": 1,
    });
  });

  it("with a name in use fails with the command that imports it", async () => {
    await create("BUSY", { value: "a" });
    await expect(create("BUSY", { value: "b" })).rejects.toThrow(
      `ProjectVariable "BUSY": key "BUSY" is there already. To manage it here, run: pulumi import ${token} BUSY '${project}:BUSY:*' --stack dev --generate-code=false --yes`,
    );
  });

  it.each([
    ["too short to be masked", { value: "short", masked: true }, "value"],
    ["with blanks, to be masked", { value: "two words here", masked: true, raw: true }, "value"],
    ["with a dollar, to be masked but not raw", { value: "$even-letters", masked: true }, "value"],
    ["hidden but not masked", { value: "hush-hush-1", hidden: true }, "hidden"],
    ["named with a dash", { value: "letters-only", key: "A-B" }, "key"],
  ])("is refused in preview: %s", async (_, inputs, property) => {
    const check = scene.engine.check(token, "bad", { project, key: "BAD", ...inputs });
    await expect(check).rejects.toMatchObject({ properties: [property] });
    expect(await check.catch(String)).not.toContain(inputs.value);
  });

  it.each([
    ["17.3.7", ["hidden"]],
    ["17.4.0", undefined],
    ["18.0.1-ee", undefined],
  ])("is hidden only by a GitLab that can: %s", async (version, properties) => {
    const reply = { status: 200, body: { version, enterprise: false } };
    scene.sandbox.faults.next({ method: "GET", path: "/metadata", reply });
    const engine = await scene.connect();
    const inputs = { project, key: "HIDE", value: "hush-hush-1", masked: true, hidden: true };
    const check = engine.check(token, "hide", inputs);
    if (properties) await expect(check).rejects.toMatchObject({ properties });
    else await expect(check).resolves.toMatchObject({ hidden: true });
  });

  it("refused by GitLab is reported without its value", async () => {
    const inputs = { value: secret("hush-hush-1") };
    const reply = { status: 400, body: { message: { value: ["hush-hush-1 is invalid"] } } };
    scene.sandbox.faults.next({ method: "POST", path: "/projects/:id/variables", reply });
    await expect(create("REFUSED", inputs)).rejects.toThrow(
      `ProjectVariable "REFUSED": gitlab: POST /projects/${project}/variables answered 400: value [secret] is invalid.`,
    );
  });
});
