import { beforeEach, expect, type TestContext, test } from "vitest";
import { findRunnerProgram } from "../../../sandbox/run-pipeline/runner-process.ts";
import { RunnerScene } from "../../support/runner-scene.ts";

/** The official runner, with the configuration that trunkline renders, takes the sandbox's jobs. */

const program = (await findRunnerProgram()) ?? "";
let scene: RunnerScene;

beforeEach(async (context: TestContext) => {
  if (program === "") return context.skip("there is no gitlab-runner: make test builds one");
  scene = await RunnerScene.start(program);
});

test("It clones, runs two stages and hands artifacts from one to the next", async () => {
  const project = await scene.createProject([
    "stages: [compile, upload]",
    "compile:",
    "  stage: compile",
    "  tags: [infra]",
    "  script:",
    "    - test -f .gitlab-ci.yml",
    "    - mkdir packages",
    "    - echo $CI_JOB_NAME of $CI_PROJECT_NAME > packages/file",
    "  artifacts: {paths: [packages/], expire_in: 1 day}",
    "other:",
    "  stage: compile",
    "  tags: [infra]",
    "  script: [mkdir packages, echo from a job that it does not need > packages/other]",
    "  artifacts: {paths: [packages/]}",
    "upload:",
    "  stage: upload",
    "  tags: [infra]",
    "  needs: [compile]",
    "  script: [cat packages/*]",
  ]);
  await scene.startRunner({ executor: "shell" });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  const { lines } = await scene.job(project, "upload");
  expect(lines).toContain("compile of datahook");
  expect(lines).not.toContain("from a job that it does not need");
});

test("It has nothing to say against the configuration", async () => {
  const project = await scene.createProject(["job: {tags: [infra], script: [make --version]}"]);
  await scene.startRunner({ executor: "shell" });
  await scene.pipelineOf(project);
  const log = await scene.runnerLog();
  expect(log).toContain("Configuration loaded");
  expect(log).not.toContain("CONFIGURATION:");
});

test("A script that fails fails its job with its exit code, and what follows is skipped", async () => {
  const project = await scene.createProject([
    "stages: [compile, upload]",
    "compile: {stage: compile, tags: [infra], script: [echo before, exit 7]}",
    "upload: {stage: upload, tags: [infra], script: [echo after]}",
  ]);
  await scene.startRunner({ executor: "shell" });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "failed" });
  const job = await scene.job(project, "compile");
  expect(job).toMatchObject({ status: "failed", failure_reason: "script_failure" });
  expect(job.lines).toContain("before");
  expect(scene.sandbox.store.jobs.require(job.id).exit_code).toBe(7);
  expect(await scene.job(project, "upload")).toMatchObject({ status: "skipped" });
});

test("A failed job that has a retry runs again", async () => {
  const project = await scene.createProject([
    `job: {tags: [infra], retry: 1, script: ['mkdir ${scene.folder}/first && exit 1 || true']}`,
  ]);
  await scene.startRunner({ executor: "shell" });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  const jobs = await scene.gitlab.Jobs.all(project);
  expect(jobs.map(({ status }) => status)).toEqual(["success", "failed"]);
});

test("A job that takes too long is ended", async () => {
  const project = await scene.createProject([
    "job: {tags: [infra], timeout: 3 seconds, script: [sleep 60]}",
  ]);
  await scene.startRunner({ executor: "shell" });
  await scene.pipelineOf(project);
  const failure_reason = "job_execution_timeout";
  expect(await scene.job(project, "job")).toMatchObject({ status: "failed", failure_reason });
});

test("A job that is canceled ends, after its after_script", async () => {
  const project = await scene.createProject([
    "job:",
    "  tags: [infra]",
    // A runner asks whether its job still runs when it sends output, or else after half a minute.
    "  script: [echo begun, 'for i in $(seq 60); do echo $i; sleep 1; done', echo ended]",
    "  after_script: [echo tidied up]",
  ]);
  await scene.startRunner({ executor: "shell" });
  await scene.jobSaying(project, "job", "begun");
  const { id } = await scene.job(project, "job");
  await scene.gitlab.Jobs.cancel(project, id);
  const { lines } = await scene.jobIn(project, "job", "canceled");
  expect(lines).toContain("tidied up");
  expect(lines).not.toContain("ended");
});

test("A masked variable is not in the trace", async () => {
  const project = await scene.createProject([
    'job: {tags: [infra], when: manual, script: [echo "it is $SECRET"]}',
  ]);
  await scene.gitlab.ProjectVariables.create(project, "SECRET", "correct-horse", { masked: true });
  await scene.startRunner({ executor: "shell" });
  const { id } = await scene.job(project, "job");
  await scene.gitlab.Jobs.play(project, id);
  const { lines, trace } = await scene.jobIn(project, "job", "success");
  expect(lines).toContain("it is [MASKED]");
  expect(trace).not.toContain("correct-horse");
});

test.each([
  ["that clones", {}],
  ["that fetches into a folder for each slot", { gitStrategy: "fetch", buildsPerSlot: true }],
] as const)("Two jobs at once on a runner %s have work trees of their own", async (_, settings) => {
  const meet = (other: string) => [
    `  script: ['touch ${scene.folder}/$CI_JOB_NAME', 'until [ -e ${scene.folder}/${other} ]; do sleep 0.1; done', 'echo in $CI_PROJECT_DIR']`,
    "  tags: [infra]",
    "  timeout: 3 minutes",
  ];
  const project = await scene.createProject(["a:", ...meet("b"), "b:", ...meet("a")]);
  await scene.startRunner({ executor: "shell", concurrency: 2, ...settings });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  const { lines: first } = await scene.job(project, "a");
  const { lines: second } = await scene.job(project, "b");
  const folder = expect.stringMatching(/^in \/.*\/datahook$/);
  expect(first).toContainEqual(folder);
  expect(second).toContainEqual(folder);
  expect(second).not.toContain(first.find((line) => line.startsWith("in ")));
});
