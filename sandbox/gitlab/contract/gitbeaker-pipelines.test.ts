import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../app.ts";

/** Pipelines and what belongs to them, read by a client somebody else wrote. */

let directory: string;
let sandbox: Sandbox;
let gitlab: InstanceType<typeof Gitlab>;
let project: number;
let sha: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gitbeaker-"));
  sandbox = await createSandbox({ directory });
  gitlab = new Gitlab({ host: await sandbox.listen(), token: sandbox.rootToken });
  ({ id: project } = await gitlab.Projects.create({ name: "ying" }));
  const content = "job: {script: make}\n";
  const action = { action: "create" as const, filePath: ".gitlab-ci.yml", content };
  ({ id: sha } = await gitlab.Commits.create(project, "main", "Add a pipeline", [action]));
});

afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true });
});

test("It plays a schedule and finds its pipeline", async () => {
  const { id } = await gitlab.PipelineSchedules.create(project, "nightly", "main", "0 1 * * *");
  await gitlab.PipelineSchedules.run(project, id);
  const [pipeline] = await gitlab.PipelineSchedules.allTriggeredPipelines(project, id);
  expect(pipeline).toMatchObject({ source: "schedule", ref: "main", sha });
  const schedule = await gitlab.PipelineSchedules.show(project, id);
  expect(schedule.last_pipeline).toMatchObject({ id: pipeline?.id, status: "pending" });
});
