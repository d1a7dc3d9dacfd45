import { beforeEach, expect, type TestContext, test } from "vitest";
import { findRunnerProgram } from "../../../sandbox/run-pipeline/runner-process.ts";
import { RunnerScene } from "../../support/runner-scene.ts";

/** What the official runner packs as reports, and what the sandbox reads of them. */

const program = (await findRunnerProgram()) ?? "";
let scene: RunnerScene;

beforeEach(async (context: TestContext) => {
  if (program === "") return context.skip("there is no gitlab-runner: make test builds one");
  scene = await RunnerScene.start(program);
});

test("The reports of a failed job arrive, several files packed as one", async () => {
  const project = await scene.createProject([
    "unit:",
    "  tags: [infra]",
    "  script: [mkdir reports, echo a > reports/a.xml, echo b > reports/b.xml, exit 1]",
    "  artifacts: {reports: {junit: 'reports/*.xml'}}",
  ]);
  await scene.startRunner({ executor: "shell" });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "failed" });
  const [job] = await scene.gitlab.Jobs.all(project);
  expect(job?.artifacts).toContainEqual(
    expect.objectContaining({ file_type: "junit", file_format: "gzip", filename: "junit.xml.gz" }),
  );
});

test("What a job writes into its dotenv report, the job that needs it reads", async () => {
  const project = await scene.createProject([
    "version:",
    "  tags: [infra]",
    "  only: [main]",
    "  script: [echo VERSION=1.2 > version.env]",
    "  artifacts: {reports: {dotenv: version.env}}",
    "upload: {tags: [infra], stage: deploy, needs: [version], script: ['echo it is $VERSION']}",
  ]);
  await scene.startRunner({ executor: "shell" });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  expect((await scene.job(project, "upload")).lines).toContain("it is 1.2");
});
