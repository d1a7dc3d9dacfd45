import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { secret, unknownValue } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/userRunner:UserRunner";

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const projectId = await addProject(scene, "datahook");
    const other = await addProject(scene, "ying");
    return {
      engine: scene.engine,
      inputs: { runnerType: "project_type", projectId, tagLists: ["infra", "deb"] },
      update: {
        inputs: { paused: true, tagLists: ["infra"], maximumTimeout: 900, description: "arm64" },
        seen: { paused: true, tag_list: ["infra"], maximum_timeout: 900, description: "arm64" },
      },
      replace: { projectId: other },
      look: (id) => scene.look(`/runners/${id}`),
      removeByHand: (id) => scene.call("DELETE", `/runners/${id}`),
      failAfterFirstWrite: () =>
        scene.sandbox.faults.next({ method: "GET", path: "/runners/:id", reply: { status: 403 } }),
      stop: () => scene.stop(),
    };
  },
});

describe("a runner", () => {
  let scene: GitLabScene;
  let projectId: number;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    projectId = await addProject(scene, "datahook");
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const inputs = (more: Values = {}) => ({
    runnerType: "project_type",
    projectId,
    tagLists: ["infra"],
    ...more,
  });

  const numbersOf = async (description: string) =>
    (await scene.call<{ id: number; description: string }[]>("GET", "/runners/all?per_page=100"))
      .filter((row) => row.description === description)
      .map(({ id }) => id)
      .sort((a, b) => a - b);

  it("keeps its token secret, through refresh and update", async () => {
    const stored = await scene.engine.create(token, "kept", inputs());
    const glrt = secret(expect.stringMatching(/^glrt-/));
    expect(stored.state.token).toEqual(glrt);
    expect((await scene.engine.refresh(stored))?.state.token).toEqual(stored.state.token);
    const updated = await scene.engine.update(stored, inputs({ paused: true }));
    expect(updated.state.token).toEqual(stored.state.token);
  });

  it("has its token when its creation failed half way", async () => {
    scene.sandbox.faults.next({ method: "GET", path: "/runners/:id", reply: { status: 403 } });
    await expect(scene.engine.create(token, "half", inputs())).rejects.toMatchObject({
      stored: { state: { token: secret(expect.stringMatching(/^glrt-/)) } },
    });
  });

  it("that GitLab may have registered, though its answer was lost, is told with where to look", async () => {
    scene.sandbox.faults.next({ method: "POST", path: "/user/runners", reply: "drop" });
    const lost = inputs({ description: "lost" });
    await expect(scene.engine.create(token, "lost", lost)).rejects.toThrow(
      /POST \/user\/runners got no answer: .* among the runners that never contacted GitLab\. Delete it there/,
    );
    const left = await scene.call<object[]>("GET", "/runners/all?status=never_contacted");
    expect(left).toContainEqual(expect.objectContaining({ description: "lost" }));
  });

  it("whose answer was lost is removed where its note tells whose it is, and another one made", async () => {
    scene.sandbox.faults.next({ method: "POST", path: "/user/runners", reply: "drop" });
    const wanted = inputs({ description: "noted", maintenanceNote: "Kept by dev" });
    const stored = await scene.engine.create(token, "noted", wanted);
    expect(stored.state.token).toEqual(secret(expect.stringMatching(/^glrt-/)));
    expect(await numbersOf("noted")).toEqual([Number(stored.id)]);
  });

  it("that an update left which was killed is removed, but none that contacted GitLab or is another's", async () => {
    const wanted = inputs({ description: "left", maintenanceNote: "Kept by dev" });
    const leave = async (note: string) => {
      const body = { runner_type: "project_type", project_id: projectId, tag_list: ["infra"] };
      const fields = { ...body, description: "left", maintenance_note: note };
      return scene.call<{ id: number; token: string }>("POST", "/user/runners", fields);
    };
    const [lost, others, busy] = [
      await leave("Kept by dev"),
      await leave("Kept by prod"),
      await leave("Kept by dev"),
    ];
    await scene.call("POST", "/runners/verify", { token: busy.token });
    const { id } = await scene.engine.create(token, "left", wanted);
    expect(await numbersOf("left")).toEqual([others.id, busy.id, Number(id)]);
    expect(scene.engine.told).toContainEqual(expect.stringContaining(`Removed runner ${lost.id}`));
  });

  it("has no token when imported, and says whose it is", async () => {
    const { id } = await scene.engine.create(token, "imported", inputs());
    const imported = await scene.engine.import(token, "imported", id);
    expect(imported?.inputs).toMatchObject({ runnerType: "project_type", projectId });
    expect(imported?.state).not.toHaveProperty("token");
  });

  it("shows the order of its tags as no difference, and a tag taken away as one", async () => {
    const stored = await scene.engine.create(token, "tags", inputs({ tagLists: ["deb", "infra"] }));
    const swapped = inputs({ tagLists: ["infra", "deb"] });
    expect((await scene.engine.preview(stored, swapped)).step).toBe("same");
    await scene.call("PUT", `/runners/${stored.id}`, { tag_list: ["infra"] });
    const refreshed = await scene.engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    expect(await scene.engine.preview(refreshed, swapped)).toEqual({
      step: "update",
      changed: ["tagLists"],
    });
  });

  it("is sent only what differs", async () => {
    const stored = await scene.engine.create(token, "calm", inputs());
    scene.sandbox.requests.reset();
    await scene.engine.update(stored, inputs());
    expect(scene.sandbox.requests.counts()).toEqual({ "GET /runners/:id": 1 });
  });

  it.each([
    ["a group runner without group", { runnerType: "group_type" }, ["groupId"]],
    [
      "a project runner with a group",
      { runnerType: "project_type", projectId: 1, groupId: 1 },
      ["groupId"],
    ],
    [
      "an instance runner with a project",
      { runnerType: "instance_type", projectId: 1 },
      ["projectId"],
    ],
    [
      "no tags and no untagged jobs",
      { runnerType: "instance_type", untagged: false },
      ["tagLists"],
    ],
    ["a short timeout", { runnerType: "instance_type", maximumTimeout: 599 }, ["maximumTimeout"]],
    [
      "a long note",
      { runnerType: "instance_type", maintenanceNote: "x".repeat(1025) },
      ["maintenanceNote"],
    ],
    [
      "several at once",
      { runnerType: "group_type", projectId: 1, untagged: false },
      ["groupId", "projectId", "tagLists"],
    ],
  ])("is refused before any call for %s", async (_case, given, properties) => {
    await expect(scene.engine.check(token, "bad", given)).rejects.toMatchObject({ properties });
  });

  it("may belong to a project that a preview does not know yet", async () => {
    const check = scene.engine.check(token, "early", inputs({ projectId: unknownValue }));
    await expect(check).resolves.toMatchObject({ projectId: unknownValue });
  });

  it("that a developer may not make, says which right is missing", async () => {
    const { token: developer } = await addMember(scene, "dev", projectId, 30);
    const engine = await scene.connect({ token: developer });
    await expect(engine.create(token, "denied", inputs())).rejects.toThrow(
      'UserRunner "denied": gitlab: POST /user/runners answered 403: 403 Forbidden - Insufficient permissions. The token needs the api scope',
    );
  });

  it("that somebody removed is not changed, and the fault says how to go on", async () => {
    const stored = await scene.engine.create(token, "removed", inputs());
    await scene.call("DELETE", `/runners/${stored.id}`);
    await expect(scene.engine.up(stored, inputs({ paused: true }))).rejects.toThrow(
      /GET \/runners\/\d+ answered 404: 404 Runner Not Found\. .*run pulumi refresh\./,
    );
  });

  it("is not looked for under an id that is no number", async () => {
    await expect(scene.engine.import(token, "bad", "infra")).rejects.toThrow(
      'UserRunner "bad": id "infra" has "infra" where a number belongs. Give the number by which GitLab lists the object.',
    );
  });
});
