import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { HalfCreated, type Stored, secret } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/project:Project";

async function lookAlive(scene: GitLabScene, id: string): Promise<Values | undefined> {
  const row = await scene.look(`/projects/${id}`);
  return row?.marked_for_deletion_at === null ? row : undefined;
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/groups", { name: "Infra", path: "infra" });
    return {
      engine: scene.engine,
      inputs: {
        name: "Datahook",
        path: "datahook",
        namespaceId: id,
        initializeWithReadme: true,
        buildGitStrategy: "clone",
        ciDefaultGitDepth: 1,
        topics: ["debian", "c++"],
        containerExpirationPolicy: { keepN: 5 },
        ciRestrictPipelineCancellationRole: "maintainer",
      },
      update: {
        inputs: {
          description: "Hooks data",
          ciDefaultGitDepth: 0,
          ciSeparatedCaches: false,
          wikiAccessLevel: "disabled",
          containerExpirationPolicy: { keepN: 5, enabled: true },
        },
        seen: {
          description: "Hooks data",
          ci_default_git_depth: 0,
          ci_separated_caches: false,
          wiki_access_level: "disabled",
          container_expiration_policy: { keep_n: 5, enabled: true, cadence: "1d" },
          build_git_strategy: "clone",
        },
      },
      untold: ["ciRestrictPipelineCancellationRole"],
      look: (id) => lookAlive(scene, id),
      removeByHand: (id) => scene.call("DELETE", `/projects/${id}`),
      failAfterFirstWrite: () =>
        scene.sandbox.faults.next({ method: "PUT", path: "/projects/:id", reply: { status: 403 } }),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a project", () => {
  let scene: GitLabScene;
  let group: number;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    group = Number((await scene.call("POST", "/groups", { name: "infra", path: "infra" })).id);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const create = (path: string, inputs: Values = {}) =>
    scene.engine.create(token, path, { path, name: path, namespaceId: group, ...inputs });

  it("has its settings that GitLab takes in an update only right after creation", async () => {
    const stored = await create("settled", { ciDefaultGitDepth: 3 });
    expect(await scene.look(`/projects/${stored.id}`)).toMatchObject({ ci_default_git_depth: 3 });
  });

  it("gets settings that GitLab never tells once more after a creation that failed half way", async () => {
    const paid = { mergeTrainsEnabled: true };
    const put = { method: "PUT", path: "/projects/:id", reply: { status: 403 } };
    scene.sandbox.faults.next(put);
    const fault = await create("half", paid).catch((error: unknown) => error);
    if (!(fault instanceof HalfCreated)) throw fault;
    scene.sandbox.requests.reset();
    const inputs = { path: "half", name: "half", namespaceId: group, ...paid };
    await scene.engine.update(fault.stored, inputs);
    expect(scene.sandbox.requests.count("PUT /projects/:id")).toBe(1);
  });

  it("has its registration token as a secret, and its addresses", async () => {
    const { state } = await create("addressed");
    expect(state.runnersToken).toEqual(secret(expect.any(String)));
    expect(state).toMatchObject({
      pathWithNamespace: "infra/addressed",
      httpUrlToRepo: expect.stringMatching(/\/infra\/addressed\.git$/),
      emptyRepo: true,
    });
  });

  it("moves to another group without being replaced", async () => {
    const other = await scene.call("POST", "/groups", { name: "other", path: "other" });
    const stored = await create("mover");
    const inputs = { path: "mover", name: "mover", namespaceId: Number(other.id) };
    const { step, stored: moved } = await scene.engine.up(stored, inputs);
    expect(step).toBe("update");
    expect(moved).toMatchObject({ id: stored.id, state: { pathWithNamespace: "other/mover" } });
  });

  it("is archived and opened again", async () => {
    const inputs = { path: "shelved", name: "shelved", namespaceId: group };
    const stored = await create("shelved", { archived: true });
    expect(await lookAlive(scene, stored.id)).toMatchObject({ archived: true });
    const open = { ...inputs, archived: false, description: "back" };
    const { stored: opened } = await scene.engine.up(stored, open);
    expect(await lookAlive(scene, opened.id)).toMatchObject({ archived: false });
  });

  it("keeps the default branch it declared while it has no commit", async () => {
    const stored = await create("unborn", { defaultBranch: "trunk" });
    const row = await scene.look(`/projects/${stored.id}`);
    const reply = { status: 200, body: { ...row, default_branch: "main" } };
    scene.sandbox.faults.next({ method: "GET", path: "/projects/:id", reply });
    const refreshed = await (await scene.connect()).refresh(stored);
    expect(refreshed?.state.defaultBranch).toBe("trunk");
  });

  it("can be imported by its full path, and has its number then", async () => {
    const stored = await create("imported", { description: "d" });
    const imported = await scene.engine.import(token, "imported", "infra/imported");
    expect(imported).toMatchObject({ id: stored.id, state: { description: "d" } });
  });

  it("that was changed by hand is put back", async () => {
    const inputs = { path: "drift", name: "drift", namespaceId: group, mergeMethod: "ff" };
    const stored = await create("drift", { mergeMethod: "ff" });
    await scene.call("PUT", `/projects/${stored.id}`, { merge_method: "merge" });
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    expect(refreshed?.state.mergeMethod).toBe("merge");
    expect((await engine.up(refreshed as Stored, inputs)).step).toBe("update");
    expect(await lookAlive(scene, stored.id)).toMatchObject({ merge_method: "ff" });
  });

  it("is not written to when nothing differs, paid settings included", async () => {
    const more = { topics: ["a"], mergeTrainsEnabled: true };
    const stored = await create("calm", more);
    scene.sandbox.requests.reset();
    const inputs = { path: "calm", name: "calm", namespaceId: group, ...more };
    await scene.engine.update(stored, inputs);
    expect(scene.sandbox.requests.counts()).toEqual({ "GET /projects/:id": 1 });
  });

  it("at a path in use fails with the command that imports it", async () => {
    const { id } = await create("busy");
    const message = `Project "busy": path "infra/busy" is there already. To manage it here, run: pulumi import ${token} busy ${id} --stack dev --generate-code=false --yes`;
    await expect(create("busy", { description: "Theirs" })).rejects.toThrow(message);
    await expect(scene.engine.create(token, "own", { name: "My Own" })).resolves.toBeDefined();
    const theirs = { name: "My Own", description: "Theirs" };
    await expect(scene.engine.create(token, "own", theirs)).rejects.toThrow(
      /path "root\/my-own" is there already/,
    );
  });

  it("at a path in use is not taken over when somebody else made it, or it is in use", async () => {
    const colleague = await addMember(scene, "colleague", await addProject(scene, "any"), 40);
    const fields = { name: "free", path: "free", namespace_id: group };
    const { id } = await scene.call<{ id: number }>("POST", "/projects", fields);
    const row = scene.sandbox.store.projects.require(id);
    scene.sandbox.store.projects.update(row, { creator_id: colleague.id });
    await expect(create("free")).rejects.toThrow("is there already");
    scene.sandbox.store.projects.update(row, { creator_id: 1 });
    await scene.call("POST", `/projects/${id}/variables`, { key: "A", value: "theirs" });
    await expect(create("free")).rejects.toThrow("is there already");
    await scene.call("DELETE", `/projects/${id}/variables/A`);
    expect((await create("free")).id).toBe(`${id}`);
  });

  it.each([
    ["path", { path: "held" }, "Another project has the path infra/held"],
    ["name", { name: "held" }, 'Another project has the name "held" in infra'],
  ])("whose new %s another one has is told which, and what to do", async (what, change, held) => {
    const inputs = { path: `moving-${what}`, name: `moving-${what}`, namespaceId: group };
    const stored = await create(inputs.name, inputs);
    const fields = { name: "held", path: "held", namespace_id: group };
    const { id } = await scene.call<{ id: number }>("POST", "/projects", fields);
    await expect(scene.engine.update(stored, { ...inputs, ...change })).rejects.toThrow(
      `${held}. Rename or remove that one, or take another ${what}.`,
    );
    await scene.call("DELETE", `/projects/${id}`);
  });

  it("that was archived by hand is told where it takes no change, and opened again", async () => {
    const inputs = { path: "asleep", name: "asleep", namespaceId: group, archived: false };
    const stored = await create("asleep", inputs);
    await scene.call("POST", `/projects/${stored.id}/archive`);
    const file = { project: stored.id, branch: "main", filePath: "a", content: "b" };
    const commit = scene.engine.create("gitlab:index/repositoryFile:RepositoryFile", "a", {
      ...file,
      encoding: "text",
    });
    await expect(commit).rejects.toThrow(
      "The project is archived. Where it is declared, pulumi up opens it again.",
    );

    const refreshed = await scene.engine.refresh(stored);
    expect((await scene.engine.up(refreshed as Stored, inputs)).step).toBe("update");
    expect(await lookAlive(scene, stored.id)).toMatchObject({ archived: false });
  });

  it("without pipelines and with a branch of its own is known again, too", async () => {
    scene.loseAnswer();
    const inputs = { defaultBranch: "trunk", buildsAccessLevel: "disabled" };
    const { id } = await create("shell", inputs);
    expect((await create("shell", inputs)).id).toBe(id);
  });

  it("waits for the path of a project that is still being removed", async () => {
    const body = {
      message: { base: ["The project is still being deleted. Please try again later."] },
    };
    const reply = { status: 400, body };
    scene.sandbox.faults.next({ method: "POST", path: "/projects", times: 2, reply });
    await expect(create("slow")).resolves.toBeDefined();
  });

  it("leaves its path free once deleted, although it can still be restored", async () => {
    const first = await create("again");
    await scene.engine.delete(first);
    expect(await scene.look(`/projects/${first.id}`)).toMatchObject({
      path: `again-deletion_scheduled-${first.id}`,
    });
    expect((await create("again")).id).not.toBe(first.id);
  });

  it("is removed for good where that is asked for, even when it was marked before", async () => {
    const stored = await create("gone", { permanentlyDeleteOnDestroy: true });
    await scene.call("DELETE", `/projects/${stored.id}`);
    await scene.engine.delete(stored);
    expect(await scene.look(`/projects/${stored.id}`)).toBeUndefined();
  });

  it("is archived in place of deleted where that is asked for", async () => {
    const stored = await create("kept", { archiveOnDestroy: true });
    await scene.engine.delete(stored);
    expect(await lookAlive(scene, stored.id)).toMatchObject({ archived: true });
  });

  it("is refused in preview when GitLab would not take its path", async () => {
    const check = (path: string) => scene.engine.check(token, "bad", { path });
    await expect(check("-lead")).rejects.toMatchObject({ properties: ["path"] });
    await expect(check("wikis")).rejects.toMatchObject({ properties: ["path"] });
  });
});

describe("a new project with a first commit", () => {
  let scene: GitLabScene;
  beforeAll(async () => {
    scene = await GitLabScene.start();
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const branch = { method: "GET", path: "/projects/:id/repository/branches/:branch" };
  const looks = () => scene.sandbox.requests.count(`${branch.method} ${branch.path}`);

  it("is done when its default branch is protected", async () => {
    scene.sandbox.requests.reset();
    const reply = { status: 200, body: { protected: false } };
    scene.sandbox.faults.next({ ...branch, times: 2, reply });
    await scene.engine.create(token, "slow", { name: "slow", initializeWithReadme: true });
    expect(looks()).toBe(3);
  });

  it("is not called empty although GitLab said so at first", async () => {
    const made = { name: "first", initialize_with_readme: true };
    const row = await scene.call("POST", "/projects", made);
    const reply = { status: 201, body: { ...row, empty_repo: true } };
    scene.sandbox.faults.next({ method: "POST", path: "/projects", reply });
    const inputs = { name: "first", initializeWithReadme: true };
    const { state } = await scene.engine.create(token, "first", inputs);
    expect(state.emptyRepo).toBe(false);
  });

  it("is kept in state, with a word on the background jobs, when that never comes", async () => {
    const reply = { status: 200, body: { protected: false } };
    scene.sandbox.faults.next({ ...branch, times: 1000, reply });
    const inputs = { name: "never", initializeWithReadme: true };
    const fault = await scene.engine.create(token, "never", inputs).catch((error) => error);
    scene.sandbox.faults.clear();
    expect(fault).toBeInstanceOf(HalfCreated);
    expect(fault.message).toMatch(/still not protected\. .*skipWaitForDefaultBranchProtection/);
    await expect(scene.engine.update(fault.stored, inputs)).resolves.toBeDefined();
  });

  it.each([
    ["asked not to wait", {}, { skipWaitForDefaultBranchProtection: true }],
    ["in a group that protects nothing", { default_branch_protection: 0 }, {}],
  ])("is done at once when %s", async (_, settings, inputs) => {
    const path = `group-${Object.keys(settings).length}`;
    const { id } = await scene.call("POST", "/groups", { name: path, path, ...settings });
    scene.sandbox.requests.reset();
    await scene.engine.create(token, "quick", {
      name: "quick",
      namespaceId: id,
      initializeWithReadme: true,
      ...inputs,
    });
    expect(looks()).toBe(0);
  });
});
