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

test("The tests of a failed job are told, from several files and the parts of the job", async () => {
  const project = await scene.createProject([
    "unit:",
    "  tags: [infra]",
    "  parallel: 2",
    "  script:",
    "    - mkdir reports",
    "    - |",
    `      echo '<testsuite name="s"><testcase classname="C" name="good" time="0.5"/></testsuite>' |`,
    "        sed s/good/good$CI_NODE_INDEX/ > reports/a.xml",
    "    - |",
    `      echo '<testsuite name="s"><testcase classname="C" name="bad"><failure>no</failure>' |`,
    "        sed s/bad/bad$CI_NODE_INDEX/ > reports/b.xml",
    "    - echo '</testcase></testsuite>' >> reports/b.xml",
    "    - exit $((CI_NODE_INDEX - 1))",
    "  artifacts: {reports: {junit: 'reports/*.xml'}}",
  ]);
  await scene.startRunner({ executor: "shell" });
  const pipeline = await scene.pipelineOf(project);
  expect(pipeline).toMatchObject({ status: "failed" });
  const report = await scene.gitlab.Pipelines.showTestReport(project, pipeline?.id ?? 0);
  const test_cases = ["bad1", "bad2", "good1", "good2"].map((name) => ({ name }));
  expect(report).toMatchObject({
    total_count: 4,
    success_count: 2,
    failed_count: 2,
    test_suites: [{ name: "unit", total_time: 1, suite_error: null, test_cases }],
  });
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
