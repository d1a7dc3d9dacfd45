import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";

const token = "gitlab:index/branchProtection:BranchProtection";

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    const look = (id: string) => {
      const name = encodeURIComponent(id.slice(id.indexOf(":") + 1));
      return `/projects/${project}/protected_branches/${name}`;
    };
    return {
      engine: scene.engine,
      inputs: { project, branch: "release/*", pushAccessLevel: "maintainer" },
      update: { inputs: { allowForcePush: true }, seen: { allow_force_push: true } },
      replace: { branch: "stable/*" },
      look: (id) => scene.look(look(id)),
      removeByHand: (id) => scene.call("DELETE", look(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("the protection of a default branch", () => {
  let scene: GitLabScene;
  let project: string;
  const url = () => `/projects/${project}/protected_branches/main`;
  beforeAll(async () => {
    scene = await GitLabScene.start();
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const create = async (name: string, inputs: object) => {
    project = `${await addProject(scene, name)}`;
    scene.sandbox.requests.reset();
    return scene.engine.create(token, name, { project, branch: "main", ...inputs });
  };

  const writes = () =>
    Object.keys(scene.sandbox.requests.counts()).filter((route) => !route.startsWith("GET"));

  it("is taken over as it is when nothing differs", async () => {
    const stored = await create("same", { pushAccessLevel: "maintainer" });
    expect(stored.id).toBe(`${project}:main`);
    expect(writes()).toEqual([]);
  });

  it("is taken over in place where GitLab can change it", async () => {
    await create("force", { allowForcePush: true });
    expect(writes()).toEqual(["PATCH /projects/:id/protected_branches/:name"]);
    expect(await scene.look(url())).toMatchObject({ allow_force_push: true });
  });

  it("is made anew for other roles, keeping those that are not set", async () => {
    await scene.engine.delete(await create("roles", { mergeAccessLevel: "developer" }));
    await scene.call("POST", `/projects/${project}/protected_branches`, {
      name: "main",
      merge_access_level: 30,
    });
    const given = { project, branch: "main", pushAccessLevel: "no one" };
    const stored = await scene.engine.create(token, "roles", given);
    expect(stored.state).toMatchObject({
      pushAccessLevel: "no one",
      mergeAccessLevel: "developer",
    });
    expect(await scene.look(url())).toMatchObject({
      push_access_levels: [{ access_level: 0 }],
      merge_access_levels: [{ access_level: 30 }],
    });
  });

  it("is taken over when GitLab was faster", async () => {
    project = `${await addProject(scene, "race")}`;
    scene.sandbox.faults.next({
      method: "GET",
      path: "/projects/:id/protected_branches/:name",
      reply: { status: 404, body: { message: "404 Not found" } },
    });
    const given = { project, branch: "main", allowForcePush: true };
    await scene.engine.create(token, "race", given);
    expect(await scene.look(url())).toMatchObject({ allow_force_push: true });
  });

  it("that was changed by hand is put back", async () => {
    const stored = await create("drift", {});
    await scene.call("PATCH", url(), { allow_force_push: true });
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    const { step } = await engine.up(refreshed, { project, branch: "main" });
    expect(step).toBe("update");
    expect(await scene.look(url())).toMatchObject({ allow_force_push: false });
  });
});

describe("a branch protection", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = `${await addProject(scene, "datahook")}`;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it("of another branch that is there already fails with the command that imports it", async () => {
    await scene.call("POST", `/projects/${project}/protected_branches`, { name: "stable" });
    await expect(
      scene.engine.create(token, "stable", { project, branch: "stable", allowForcePush: true }),
    ).rejects.toThrow(
      `branch "stable" is there already. To manage it here, run: pulumi import ${token} stable ${project}:stable --stack dev --generate-code=false --yes`,
    );
  });

  it("takes what the paid tiers have only from a server that has it", async () => {
    const grants = [{ accessLevel: "developer" }];
    const given = {
      project,
      branch: "paid",
      codeOwnerApprovalRequired: true,
      allowedToPushes: grants,
      allowedToMerges: grants,
      allowedToUnprotects: [],
    };
    const engine = await scene.connect();
    scene.sandbox.requests.reset();
    for (const name of ["first", "second"])
      await expect(engine.check(token, name, given)).rejects.toMatchObject({
        properties: ["codeOwnerApprovalRequired", "allowedToPushes", "allowedToMerges"],
        message: expect.stringContaining("this server is a Community Edition. Leave it out."),
      });
    expect(scene.sandbox.requests.counts()).toEqual({ "GET /user": 1, "GET /metadata": 1 });
  });

  it("names one grantee in each grant", async () => {
    const allowedToMerges = [{ userId: 1, groupId: 2 }];
    const check = scene.engine.check(token, "both", { project, branch: "x", allowedToMerges });
    await expect(check).rejects.toMatchObject({ properties: ["allowedToMerges.0"] });
  });

  it("is read for all branches of a project in one request", async () => {
    const made = [];
    for (const branch of ["a", "b", "c/*"])
      made.push(await scene.engine.create(token, branch, { project, branch }));
    scene.sandbox.requests.reset();
    expect(await Promise.all(made.map((each) => scene.engine.refresh(each)))).toEqual(made);
    expect(scene.sandbox.requests.counts()).toEqual({
      "GET /projects/:id/protected_branches": 1,
    });
  });

  it("changes roles by two calls without a pause, and keeps those that are not set", async () => {
    const given = { project, branch: "roles", mergeAccessLevel: "developer" };
    const stored = await scene.engine.create(token, "roles", given);
    scene.sandbox.requests.reset();
    const wanted = { project, branch: "roles", pushAccessLevel: "no one" };
    const { step } = await scene.engine.up(stored, wanted);
    expect(step).toBe("update");
    expect(scene.sandbox.requests.counts()).toEqual({
      "GET /projects/:id/protected_branches/:name": 1,
      "DELETE /projects/:id/protected_branches/:name": 1,
      "POST /projects/:id/protected_branches": 1,
    });
    expect(await scene.look(`/projects/${project}/protected_branches/roles`)).toMatchObject({
      push_access_levels: [{ access_level: 0 }],
      merge_access_levels: [{ access_level: 30 }],
    });
  });

  it("that was lost between the two calls is said to be, and made by the next update", async () => {
    const given = { project, branch: "lost" };
    const stored = await scene.engine.create(token, "lost", given);
    scene.sandbox.faults.next({
      method: "POST",
      path: "/projects/:id/protected_branches",
      reply: { status: 422, body: { message: "no" } },
    });
    const wanted = { ...given, pushAccessLevel: "no one" };
    await expect(scene.engine.up(stored, wanted)).rejects.toThrow(
      "Branch lost is not protected now: run pulumi up again.",
    );
    expect((await scene.engine.up(stored, wanted)).step).toBe("update");
    expect(await scene.look(`/projects/${project}/protected_branches/lost`)).toMatchObject({
      push_access_levels: [{ access_level: 0 }],
    });
  });

  it("that a developer may not make, says which right is missing", async () => {
    const { token: developer } = await addMember(scene, "dev", Number(project), 30);
    const engine = await scene.connect({ token: developer });
    await expect(engine.create(token, "denied", { project, branch: "mine" })).rejects.toThrow(
      `BranchProtection "denied": gitlab: POST /projects/${project}/protected_branches answered 403: 403 Forbidden. The token needs the api scope, and its user the Maintainer role`,
    );
  });

  it("is not looked for under an id without branch", async () => {
    await expect(scene.engine.import(token, "bad", "datahook")).rejects.toThrow(
      'id "datahook" is not of the form <project>:<branch>',
    );
  });
});
