import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { RunnerHost } from "../../components/runner-host.ts";
import { findRunnerProgram } from "../../sandbox/run-pipeline/runner-process.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { DockerEngine } from "../support/docker-engine.ts";
import { DockerHost } from "../support/docker-host.ts";
import { containerInputs } from "../support/docker-inputs.ts";
import { named, type Recorded, record } from "../support/recorder.ts";
import { createRunnerImages, type RunnerImages } from "../support/runner-image.ts";
import { RunnerScene, type RunnerSettingsOfTest } from "../support/runner-scene.ts";

/** The component's container on a real engine, with the official runner in it. */

const program = (await findRunnerProgram()) ?? "";
const possible = program !== "" && (await mayRunContainers());
const cleanups = new AsyncDisposableStack();
let directory: string;
let engine: DockerEngine;
let image: string;
let images: RunnerImages;
let scene: RunnerScene;
let host: DockerHost;
let token: string;

beforeAll(async () => {
  if (!possible) return;
  directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const services = ["registry", "base-images"] as const;
  const codenames = ["bookworm"];
  const { urls, stop } = await startSandbox({ directory, ports: "free", services, codenames });
  cleanups.defer(stop);
  engine = await DockerEngine.start(sandboxLayout(directory));
  cleanups.defer(() => engine.stop());
  const { registry } = urls;
  image = `${registry}/debian:bookworm`;
  images = await createRunnerImages(engine, { program, base: image, registry });
});
afterAll(() => cleanups.disposeAsync());
beforeEach(async ({ skip }) => {
  skip(!possible, "there is no gitlab-runner, or no right to start containers (CAP_SYS_ADMIN)");
  scene = await RunnerScene.start(program);
  token = await scene.register();
  // Containers that start containers of the same engine, which is elsewhere than on a Docker host.
  const files = { "/var/run/docker.sock": engine.socket };
  host = new DockerHost(engine, { network: "host", files });
});

function declare(more: RunnerSettingsOfTest = {}) {
  const volumes = ["/cache", `${directory}:/test`];
  const docker = { helperImage: images.helper, networkMode: "host", volumes };
  const config = scene.render(token, { executor: "docker", image, docker, ...more });
  const args = { config: secret(config), docker: { image: images.runner } };
  return record(
    () => void new RunnerHost("infra", args),
    (resource) => host.outputs(resource),
  );
}

function healthCheckOf(declared: readonly Recorded[]): string {
  const { healthcheck } = containerInputs.parse(named(declared, "infra-container").inputs);
  return healthcheck.tests[1] ?? "";
}

/** A job that waits for a file. */
function waitingJob(name: string): string[] {
  return [
    `${name}:`,
    "  tags: [infra]",
    `  script: [echo ${name} runs, "until test -e /test/${name}; do sleep 0.1; done"]`,
  ];
}

test("It is healthy while GitLab knows it, with a configuration for root alone", async () => {
  const declared = await declare();
  await host.create(declared);
  const container = host.container("infra-container");
  onTestFinished(() => container.remove());
  const look = "stat --format='%a %u' /etc/gitlab-runner/config.toml";
  expect(await container.run(look)).toBe("600 0");
  const check = healthCheckOf(declared);
  const elsewhere =
    "sed 's#^url = .*#url = \"http://127.0.0.1:9\"#' /etc/gitlab-runner/config.toml";
  await container.run(`${elsewhere} >/root/elsewhere.toml`);
  const unreachable = check.replace("/etc/gitlab-runner/config.toml", "/root/elsewhere.toml");
  await expect(container.run(unreachable)).rejects.toMatchObject({ exitCode: 1 });
  await container.run(check);
  const [runner] = (await scene.call("GET", "runners/all")) as { id: number }[];
  await scene.gitlab.Runners.remove({ runnerId: runner?.id ?? 0 });
  await expect(container.run(check)).rejects.toMatchObject({ exitCode: 1 });
});

test("A changed one takes jobs while the old one ends its own", async () => {
  await host.create(await declare());
  const old = host.container("infra-container");
  const project = await scene.createProject([...waitingJob("slow"), ...waitingJob("quick")]);
  await scene.jobSaying(project, "slow", "slow runs");
  await host.create(await declare({ outputLimit: 8192 }));
  onTestFinished(() => host.container("infra-container").remove());
  const removed = old.remove();
  await expect.poll(() => old.logs()).toContain("received stop signal");
  await writeFile(join(directory, "quick"), "");
  await scene.jobIn(project, "quick", "success");
  expect(await scene.job(project, "slow")).toMatchObject({ status: "running" });
  await writeFile(join(directory, "slow"), "");
  await removed;
  expect(await scene.pipelineOf(project)).toMatchObject({ status: "success" });
});
