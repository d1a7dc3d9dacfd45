import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, expect, type TestContext, test } from "vitest";
import { findRunnerProgram } from "../../../sandbox/run-pipeline/runner-process.ts";
import { RunnerScene } from "../../support/runner-scene.ts";

/** What the official runner makes of the sandbox's answers, beyond the usual way of a job. */

const program = (await findRunnerProgram()) ?? "";
let scene: RunnerScene;

beforeEach(async (context: TestContext) => {
  if (program === "") return context.skip("there is no gitlab-runner: make test builds one");
  scene = await RunnerScene.start(program);
});

test("It is verified with its token alone, and takes its process away again", async () => {
  const token = await scene.register();
  const file = join(scene.folder, "config.toml");
  const act = (...list: string[]) => execa(program, [...list, "--config", file], { all: true });
  const options = ["--url", scene.url, "--token", token, "--executor", "shell"];
  await act("register", "--non-interactive", ...options);
  expect((await act("verify")).all).toContain("is valid");
  const { runnerManagers } = scene.sandbox.store;
  expect(runnerManagers.all()).toMatchObject([{ version: expect.stringMatching(/^\d+\./) }]);
  await act("unregister", "--all-runners");
  expect(runnerManagers.all()).toEqual([]);
});

test("It gets another token, by its own or by that of a person", async () => {
  const file = join(scene.folder, "config.toml");
  const token = await scene.register();
  await writeFile(
    file,
    scene.render(token, { executor: "shell" }).replace("token", "id = 1\ntoken"),
  );
  const act = (...list: string[]) => execa(program, [...list, "--config", file]);
  const read = async () => /^\s*token = "(.*)"$/m.exec(await readFile(file, "utf8"))?.[1];
  await act("reset-token", "--name", "infra");
  const second = await read();
  expect(second).toMatch(/^glrt-/);
  await act("reset-token", "--name", "infra", "--pat", scene.sandbox.rootToken);
  const third = await read();
  expect(new Set([token, second, third]).size).toBe(3);
  expect(third).toBe(scene.sandbox.store.runners.require(1).token);
});

test("A trace of several pieces arrives as the runner counted it", async () => {
  const project = await scene.createProject([
    "job: {tags: [infra], script: ['echo größer', seq 100000 300000]}",
  ]);
  await scene.startRunner({ executor: "shell", outputLimit: 16_384 });
  const { id, lines } = await scene.jobIn(project, "job", "success");
  expect(lines).toContain("größer");
  expect(lines.filter((line) => /^\d{6}$/.test(line))).toHaveLength(200_001);
  expect(scene.sandbox.store.jobs.require(id).trace_doubted).toBe(false);
});

test("An artifact that is larger than allowed fails the job", async () => {
  const project = await scene.createProject([
    "job:",
    "  tags: [infra]",
    "  script: [head --bytes=2M /dev/urandom > large]",
    "  artifacts: {paths: [large]}",
  ]);
  await scene.call("PUT", `projects/${project}`, { max_artifacts_size: 1 });
  await scene.startRunner({ executor: "shell" });
  const { lines } = await scene.jobIn(project, "job", "failed");
  expect(lines.join("\n")).toMatch(/Uploading artifacts .*413 Request Entity Too Large/);
});

test("It does without the job router that the sandbox does not have", async () => {
  const project = await scene.createProject(["job: {tags: [infra], script: [echo done]}"]);
  await scene.startRunner({ executor: "shell", featureFlags: { FF_USE_JOB_ROUTER: true } });
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  expect(scene.sandbox.requests.count("GET /runners/router/discovery")).toBeGreaterThan(0);
});

test("A runner that was removed is told so, and gets no job", async () => {
  await scene.startRunner({ executor: "shell" });
  await scene.runnerSaying("Configuration loaded");
  const [runner] = await scene.gitlab.Runners.all();
  await scene.gitlab.Runners.remove({ runnerId: runner?.id ?? 0 });
  await scene.runnerSaying("Checking for jobs... forbidden");
  const project = await scene.createProject(["job: {tags: [infra], script: [echo done]}"]);
  await scene.runnerSaying("is unhealthy and will be disabled");
  expect(await scene.job(project, "job")).toMatchObject({ status: "pending" });
});
