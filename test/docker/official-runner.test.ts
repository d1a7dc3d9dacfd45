import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureDocker } from "../../sandbox/run-pipeline/docker.ts";
import type { Docker } from "../../sandbox/run-pipeline/docker-engine.ts";
import { ensureRunnerHelper } from "../../sandbox/run-pipeline/runner-helper-image.ts";
import { runOnRunners } from "../../sandbox/run-pipeline/runner-jobs.ts";
import { findRunnerProgram } from "../../sandbox/run-pipeline/runner-process.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { RunnerScene } from "../support/runner-scene.ts";

/** The official runner's executor `docker`, with the configuration that trunkline renders. */

const program = (await findRunnerProgram()) ?? "";
const possible = program !== "" && (await mayRunContainers());
const cleanups = new AsyncDisposableStack();
let scene: RunnerScene;
let docker: Docker;
let image: string;
let helperImage: string;

beforeAll(async () => {
  if (!possible) return;
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const args = { directory, ports: "free", services: ["registry", "base-images"] } as const;
  const { stop, urls } = await startSandbox(args);
  cleanups.defer(stop);
  const layout = sandboxLayout(directory);
  cleanups.defer(() => dockerService(layout).stop());
  docker = await ensureDocker(layout);
  const { registry } = urls;
  image = `${registry}/debian:bookworm`;
  helperImage = await ensureRunnerHelper({ docker, program, base: image, registry });
});
afterAll(() => cleanups.disposeAsync());
beforeEach(async ({ skip }) => {
  skip(!possible, "there is no gitlab-runner, or no right to start containers (CAP_SYS_ADMIN)");
  scene = await RunnerScene.start(program);
});

async function startRunner(): Promise<void> {
  const settings = { helperImage, networkMode: "host" };
  await scene.startRunner({ executor: "docker", image, docker: settings }, docker.environment);
}

test("It runs jobs in their images and hands artifacts and caches on", async () => {
  const project = await scene.createProject([
    "stages: [compile, upload]",
    "default: {tags: [infra], cache: {key: compiler, paths: [cache/]}}",
    "compile:",
    "  stage: compile",
    `  image: ${image.replace("bookworm", "trixie")}`,
    "  script:",
    "    - . /etc/os-release",
    "    - mkdir packages cache",
    "    - echo compiled on $VERSION_CODENAME > packages/file",
    "    - echo kept > cache/file",
    "  artifacts: {paths: [packages/]}",
    "upload:",
    "  stage: upload",
    "  script: ['. /etc/os-release', echo on $VERSION_CODENAME, cat packages/file cache/file]",
  ]);
  await startRunner();
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
  const { lines } = await scene.job(project, "upload");
  expect(lines.slice(lines.indexOf("on bookworm")).slice(0, 4)).toEqual([
    "on bookworm",
    "$ cat packages/file cache/file",
    "compiled on trixie",
    "kept",
  ]);
});

test("It runs a job as the user whom the pipeline names, and tells how its script failed", async () => {
  const project = await scene.createProject([
    "job:",
    "  tags: [infra]",
    `  image: {name: "${image}", entrypoint: [""], docker: {user: nobody}}`,
    "  script: [id --user --name, exit 7]",
  ]);
  await startRunner();
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "failed" });
  const job = await scene.job(project, "job");
  expect(job.lines).toContain("nobody");
  expect(scene.sandbox.store.jobs.require(job.id).exit_code).toBe(7);
});

test("An image that is not there fails the job with the reason", async () => {
  const project = await scene.createProject([
    `job: {tags: [infra], image: "${image}-absent", script: [make]}`,
  ]);
  await startRunner();
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "failed" });
  const { id } = await scene.job(project, "job");
  // Since 19 a runner counts a name that a registry does not know as a mistake in the configuration.
  const reasons = /^(image_pull_failure|runner_configuration_error)$/;
  expect(scene.sandbox.store.jobs.require(id).failure_reason).toMatch(reasons);
});

test("A pipeline that fails on a stack's runner is an error, after what its job said, and the runner ends", async () => {
  const project = await scene.createProject([
    `job: {tags: [infra], image: "${image}", script: [echo reason, exit 7]}`,
  ]);
  const directory = join(scene.folder, "pipeline");
  const configs = { infra: scene.render(await scene.register(), { executor: "docker", image }) };
  const { last_commit_sha } = await scene.gitlab.RepositoryFiles.show(
    project,
    ".gitlab-ci.yml",
    "main",
  );
  const lines: string[] = [];
  const running = runOnRunners(
    { program, configs, registry: image.split("/")[0] ?? "" },
    {
      project: { id: project, defaultBranch: "main" },
      commit: `${last_commit_sha}`,
      gitlab: { url: `${scene.url}/api/v4/`, token: scene.sandbox.rootToken },
      baseImage: () => image,
      directory,
      docker,
      report: (line) => lines.push(line),
    },
  );
  await expect(running).rejects.toMatchObject({ code: "jobs-failed" });
  expect(lines).toContain("job  reason");
  const runner = await readFile(join(directory, "runners/infra/runner.log"), "utf8");
  expect(runner).toContain("All workers stopped");
});
