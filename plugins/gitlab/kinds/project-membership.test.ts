import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";

const token = "gitlab:index/projectMembership:ProjectMembership";

/** A user who is a member of nothing that the tests look at. */
async function addUser(scene: GitLabScene, name: string): Promise<number> {
  return (await addMember(scene, name, await addProject(scene, `of-${name}`), 30)).id;
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    const userId = await addUser(scene, "ada");
    const url = (id: string) => `/projects/${project}/members/${id.split(":")[1]}`;
    return {
      engine: scene.engine,
      inputs: { project, userId, accessLevel: "developer", expiresAt: "2027-01-31" },
      update: {
        inputs: { accessLevel: "maintainer" },
        seen: { access_level: 40, expires_at: "2027-01-31" },
      },
      replace: { userId: await addUser(scene, "grace") },
      look: (id) => scene.look(url(id)),
      removeByHand: (id) => scene.call("DELETE", url(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a membership", () => {
  let scene: GitLabScene;
  let project: string;
  let userId: number;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    const id = await addProject(scene, "datahook");
    project = `${id}`;
    userId = (await addMember(scene, "ada", id, 30)).id;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it("that is there already fails with the command that imports it", async () => {
    const wanted = { project, userId, accessLevel: "maintainer" };
    await expect(scene.engine.create(token, "twice", wanted)).rejects.toThrow(
      `userId "${userId}" is there already. To manage it here, run: pulumi import ${token} twice ${project}:${userId} --stack dev --generate-code=false --yes`,
    );
  });

  it("keeps a day of expiry that the program says nothing of", async () => {
    const url = `/projects/${project}/members/${userId}`;
    await scene.call("PUT", url, { access_level: 30, expires_at: "2027-02-28" });
    const stored = await scene.engine.import(token, "ada", `${project}:${userId}`);
    if (!stored) throw new Error("not there");
    await scene.engine.up(stored, { project, userId, accessLevel: "reporter" });
    expect(await scene.look(url)).toMatchObject({ access_level: 20, expires_at: "2027-02-28" });
  });

  it("has a role that GitLab has", async () => {
    const check = scene.engine.check(token, "x", { project, userId, accessLevel: "admin" });
    await expect(check).rejects.toMatchObject({ properties: ["accessLevel"] });
  });
});
