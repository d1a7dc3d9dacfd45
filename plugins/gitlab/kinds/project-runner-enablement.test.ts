import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/projectRunnerEnablement:ProjectRunnerEnablement";

async function addRunner(scene: GitLabScene, owner: Values): Promise<number> {
  const { id } = await scene.call<{ id: number }>("POST", "/user/runners", owner);
  return id;
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project_id = await addProject(scene, "ying");
    const runnerId = await addRunner(scene, { runner_type: "project_type", project_id });
    const project = `${await addProject(scene, "datahook")}`;
    const other = `${await addProject(scene, "other")}`;
    return {
      engine: scene.engine,
      inputs: { project, runnerId },
      replace: { project: other },
      look: async (id) => {
        const rows = await scene.call<Values[]>("GET", `/projects/${id.split(":")[0]}/runners`);
        return rows.find((row) => row.id === runnerId);
      },
      removeByHand: (id) => scene.call("DELETE", `/projects/${id.replace(":", "/runners/")}`),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a project's use of a runner", () => {
  let scene: GitLabScene;
  let owner: number;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    owner = await addProject(scene, "ying");
    project = `${await addProject(scene, "datahook")}`;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it("has the id that the official provider gives it", async () => {
    const runnerId = await addRunner(scene, { runner_type: "project_type", project_id: owner });
    const stored = await scene.engine.create(token, "path", { project: "root/datahook", runnerId });
    expect(stored.id).toBe(`root/datahook:${runnerId}`);
  });

  it("fails with GitLab's words for a runner that serves everyone", async () => {
    const runnerId = await addRunner(scene, { runner_type: "instance_type" });
    await expect(scene.engine.create(token, "wide", { project, runnerId })).rejects.toThrow(
      /answered 400: .*Runner is an instance runner/,
    );
    expect(await scene.engine.import(token, "wide", `${project}:${runnerId}`)).toBeUndefined();
  });

  it("is read for all runners of a project in one request", async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(() => addRunner(scene, { runner_type: "project_type", project_id: owner })),
    );
    const made = [];
    for (const runnerId of ids)
      made.push(await scene.engine.create(token, "many", { project, runnerId }));
    scene.sandbox.requests.reset();
    const read = await Promise.all(made.map((each) => scene.engine.refresh(each)));
    expect(read).toEqual(made);
    expect(scene.sandbox.requests.counts()).toEqual({ "GET /projects/:id/runners": 1 });
  });

  it("is not looked for under an id of another form", async () => {
    await expect(scene.engine.import(token, "bad", "datahook")).rejects.toThrow(
      'id "datahook" is not of the form <project>:<runnerId>',
    );
    await expect(scene.engine.import(token, "bad", "datahook:x")).rejects.toThrow(
      'id "datahook:x" has "x" where a number belongs',
    );
  });
});
