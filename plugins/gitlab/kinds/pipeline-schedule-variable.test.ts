import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/pipelineScheduleVariable:PipelineScheduleVariable";

function urlOf(id: string): string {
  const [project, schedule, key] = id.split(":");
  return `/projects/${project}/pipeline_schedules/${schedule}/variables/${key}`;
}

async function addSchedule(scene: GitLabScene, project: number): Promise<number> {
  const { id } = await scene.call<{ id: number }>(
    "POST",
    `/projects/${project}/pipeline_schedules`,
    { description: "nightly", ref: "main", cron: "30 3 * * *" },
  );
  return id;
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = await addProject(scene, "datahook");
    const pipelineScheduleId = await addSchedule(scene, project);
    return {
      engine: scene.engine,
      inputs: { project: `${project}`, pipelineScheduleId, key: "SUITE", value: "all" },
      update: {
        inputs: { value: "fast", variableType: "file" },
        seen: { value: "fast", variable_type: "file" },
      },
      replace: { key: "KIND" },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => scene.call("DELETE", urlOf(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a variable of a schedule", () => {
  let scene: GitLabScene;
  let project: number;
  let pipelineScheduleId: number;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = await addProject(scene, "datahook");
    pipelineScheduleId = await addSchedule(scene, project);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const inputs = (key: string, more: Values = {}) => ({
    project: `${project}`,
    pipelineScheduleId,
    key,
    value: "all",
    ...more,
  });

  it("whose key is taken fails with the command that imports it", async () => {
    await scene.engine.create(token, "first", inputs("TWICE"));
    await expect(
      scene.engine.create(token, "second", inputs("TWICE", { value: "few" })),
    ).rejects.toThrow(
      `key "TWICE" is there already. To manage it here, run: pulumi import ${token} second ${project}:${pipelineScheduleId}:TWICE --stack dev --generate-code=false --yes`,
    );
  });

  it("is read together with the schedule and its other variables in one request", async () => {
    const made = [];
    for (const key of ["A", "B", "C"])
      made.push(await scene.engine.create(token, key, inputs(key)));
    scene.sandbox.requests.reset();
    expect(await Promise.all(made.map((each) => scene.engine.refresh(each)))).toEqual(made);
    await scene.engine.import(
      "gitlab:index/pipelineSchedule:PipelineSchedule",
      "nightly",
      `${project}:${pipelineScheduleId}`,
    );
    expect(scene.sandbox.requests.counts()).toEqual({
      "GET /projects/:id/pipeline_schedules/:sid": 1,
    });
  });

  it("is not taken for gone by somebody who may not see it", async () => {
    const stored = await scene.engine.create(token, "hidden", inputs("HIDDEN"));
    const { token: developer } = await addMember(scene, "dev", project, 30);
    const engine = await scene.connect({ token: developer });
    await expect(engine.refresh(stored)).rejects.toThrow(/variables\/HIDDEN answered 403/);
  });

  it("is gone when its schedule is", async () => {
    const other = await addSchedule(scene, project);
    const stored = await scene.engine.create(
      token,
      "orphan",
      inputs("ORPHAN", { pipelineScheduleId: other }),
    );
    await scene.call("DELETE", `/projects/${project}/pipeline_schedules/${other}`);
    expect(await (await scene.connect()).refresh(stored)).toBeUndefined();
  });

  it("is refused before any call for a key with a blank", async () => {
    const check = scene.engine.check(token, "bad", inputs("MY KEY"));
    await expect(check).rejects.toMatchObject({ properties: ["key"] });
  });

  it("is not looked for under the two-part id of old", async () => {
    await expect(scene.engine.import(token, "bad", `${pipelineScheduleId}:KEY`)).rejects.toThrow(
      `id "${pipelineScheduleId}:KEY" is not of the form <project>:<schedule>:<key>`,
    );
  });
});
