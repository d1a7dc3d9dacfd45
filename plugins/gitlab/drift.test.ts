import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";

const project = "gitlab:index/project:Project";
const schedule = "gitlab:index/pipelineSchedule:PipelineSchedule";

let scene: GitLabScene;
let namespaceId: number;
beforeAll(async () => {
  scene = await GitLabScene.start();
  const group = await scene.call<{ id: number }>("POST", "/groups", {
    name: "infra",
    path: "infra",
  });
  namespaceId = group.id;
});
afterAll(async () => {
  await scene?.stop();
});

it("sees a project that was renamed and transferred by hand, and brings it back", async () => {
  const inputs = { name: "ying", path: "ying", namespaceId };
  const made = await scene.engine.create(project, "ying", inputs);
  const other = await scene.call<{ id: number }>("POST", "/groups", {
    name: "other",
    path: "other",
  });
  await scene.call("PUT", `/projects/${made.id}`, { path: "yang" });
  await scene.call("PUT", `/projects/${made.id}/transfer`, { namespace: `${other.id}` });

  const engine = await scene.connect();
  const seen = await engine.refresh(made);
  if (!seen) throw new Error("taken for deleted");
  const { step, changed } = await engine.preview(seen, inputs);
  expect([step, [...changed].sort()]).toEqual(["update", ["namespaceId", "path"]]);
  await engine.up(seen, inputs);
  expect(await scene.look(`/projects/${made.id}`)).toMatchObject({
    path_with_namespace: "infra/ying",
  });
});

it("sees a schedule that was deleted by hand", async () => {
  const { id } = await scene.call<{ id: number }>("POST", "/projects", {
    name: "scheduled",
    initialize_with_readme: true,
  });
  const inputs = {
    project: `${id}`,
    description: "Nightly",
    ref: "refs/heads/main",
    cron: "0 3 * * *",
  };
  const made = await scene.engine.create(schedule, "nightly", inputs);
  await scene.call("DELETE", `/projects/${id}/pipeline_schedules/${made.state.pipelineScheduleId}`);
  expect(await (await scene.connect()).refresh(made)).toBeUndefined();
});
