import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import type { Stored } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/group:Group";

async function lookAlive(scene: GitLabScene, id: string): Promise<Values | undefined> {
  const row = await scene.look(`/groups/${id}`);
  return row?.marked_for_deletion_on === null ? row : undefined;
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    return {
      engine: scene.engine,
      inputs: {
        name: "Infra",
        path: "infra",
        visibilityLevel: "internal",
        projectCreationLevel: "maintainer",
        sharedRunnersSetting: "disabled_and_overridable",
        defaultBranchProtectionDefaults: { allowedToPushes: ["developer"], allowForcePush: true },
      },
      update: {
        inputs: {
          description: "Packages",
          sharedRunnersSetting: "enabled",
          defaultBranchProtectionDefaults: { allowedToPushes: ["no one"], allowForcePush: false },
        },
        seen: {
          description: "Packages",
          shared_runners_setting: "enabled",
          default_branch_protection_defaults: { allowed_to_push: [{ access_level: 0 }] },
        },
      },
      look: (id) => lookAlive(scene, id),
      removeByHand: (id) => scene.call("DELETE", `/groups/${id}`),
      failAfterFirstWrite: () =>
        scene.sandbox.faults.next({ method: "PUT", path: "/groups/:id", reply: { status: 403 } }),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a group", () => {
  let scene: GitLabScene;
  beforeAll(async () => {
    scene = await GitLabScene.start();
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const create = (path: string, inputs: Values = {}) =>
    scene.engine.create(token, path, { path, ...inputs });

  it("is named after its resource when it has no name", async () => {
    expect((await create("unnamed")).state.name).toMatch(/^unnamed-[0-9a-f]{7}$/);
  });

  it("moves under another group and back without being replaced", async () => {
    const parent = await create("parent");
    const child = await create("child");
    const path = { path: "child" };
    const under = await scene.engine.up(child, { ...path, parentId: Number(parent.id) });
    expect(under).toMatchObject({
      step: "update",
      stored: { state: { fullPath: "parent/child" } },
    });
    const back = await scene.engine.up(under.stored, { ...path, parentId: 0 });
    expect(back).toMatchObject({ step: "update", stored: { state: { fullPath: "child" } } });
  });

  it("can be imported by its full path, and has its number then", async () => {
    const parent = await create("outer");
    const child = await create("inner", { parentId: Number(parent.id) });
    const imported = await scene.engine.import(token, "inner", "outer/inner");
    expect(imported).toMatchObject({ id: child.id, state: { path: "inner" } });
  });

  it("that was changed by hand is put back", async () => {
    const stored = await create("drift", { description: "ours" });
    await scene.call("PUT", `/groups/${stored.id}`, { description: "theirs" });
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    expect(refreshed?.state.description).toBe("theirs");
    const { step } = await engine.up(refreshed as Stored, { path: "drift", description: "ours" });
    expect(step).toBe("update");
    expect(await scene.look(`/groups/${stored.id}`)).toMatchObject({ description: "ours" });
  });

  it("is not written to when nothing differs", async () => {
    const stored = await create("calm", { description: "same" });
    scene.sandbox.requests.reset();
    await scene.engine.update(stored, { path: "calm", description: "same" });
    expect(scene.sandbox.requests.counts()).toEqual({ "GET /groups/:id": 1 });
  });

  it("at a path in use fails with the command that imports it", async () => {
    await create("busy");
    await expect(create("busy", { description: "Theirs" })).rejects.toThrow(
      `Group "busy": path "busy" is there already. To manage it here, run: pulumi import ${token} busy busy --stack dev --generate-code=false --yes`,
    );
  });

  it("at a path in use is not taken over when it has other members, or something in it", async () => {
    const body = { name: "team", path: "team", visibility: "private" };
    const { id } = await scene.call<{ id: number }>("POST", "/groups", body);
    const colleague = await addMember(scene, "colleague", await addProject(scene, "any"), 40);
    const member = { user_id: colleague.id, access_level: 30 };
    await scene.call("POST", `/groups/${id}/members`, member);
    const wanted = { name: "team" };
    await expect(create("team", wanted)).rejects.toThrow("is there already");
    await scene.call("DELETE", `/groups/${id}/members/${colleague.id}`);
    await scene.call("POST", `/groups/${id}/variables`, { key: "A", value: "theirs" });
    await expect(create("team", wanted)).rejects.toThrow("is there already");
    await scene.call("DELETE", `/groups/${id}/variables/A`);
    expect((await create("team", wanted)).id).toBe(`${id}`);
  });

  it("whose new path another one has is told which, and what to do", async () => {
    const stored = await create("moving");
    await create("occupied");
    const update = scene.engine.update(stored, { path: "occupied", name: "moving" });
    await expect(update).rejects.toThrow(
      "Another group has the path occupied. Rename or remove that one, or take another path.",
    );
  });

  it("at a path that a group marked for deletion still bears, says so", async () => {
    const stored = await create("held");
    await scene.call("DELETE", `/groups/${stored.id}`);
    await scene.call("PUT", `/groups/${stored.id}`, { path: "held" });
    await expect(create("held")).rejects.toThrow(/path "held" waits for its deletion in GitLab/);
  });

  it("leaves its path free once deleted, although it can still be restored", async () => {
    const first = await create("again");
    await scene.engine.delete(first);
    expect(await scene.look(`/groups/${first.id}`)).toMatchObject({
      path: `again-deletion_scheduled-${first.id}`,
    });
    const second = await create("again");
    expect(second.id).not.toBe(first.id);
  });

  it("below another one is removed for good where that is asked for", async () => {
    const parent = await create("keeper");
    const child = await create("gone", {
      parentId: Number(parent.id),
      permanentlyRemoveOnDelete: true,
    });
    await scene.engine.delete(child);
    expect(await scene.look(`/groups/${child.id}`)).toBeUndefined();
  });

  it("is archived in place of deleted where that is asked for", async () => {
    const stored = await create("old", { archiveOnDestroy: true });
    await scene.engine.delete(stored);
    expect(await lookAlive(scene, stored.id)).toMatchObject({ archived: true });
  });

  it("may not have its branch protection twice", async () => {
    const check = scene.engine.check(token, "twice", {
      path: "twice",
      defaultBranchProtection: 2,
      defaultBranchProtectionDefaults: { allowForcePush: true },
    });
    await expect(check).rejects.toMatchObject({ properties: ["defaultBranchProtection"] });
  });
});
