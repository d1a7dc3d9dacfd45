import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { ensureDocker } from "../../sandbox/run-pipeline/docker.ts";
import type { Docker } from "../../sandbox/run-pipeline/docker-engine.ts";
import { runPipeline } from "../../sandbox/run-pipeline/run.ts";
import type { RegisteredRunners } from "../../sandbox/run-pipeline/runner-jobs.ts";
import type { Upload } from "../../sandbox/run-pipeline/uploads.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/services/sandbox.ts";
import { repository } from "../../toolchain/paths.ts";
import { buildingConfiguration, EngineStack } from "./engine-stack.ts";

/** A pipeline that ended as expected. */
export interface PipelineRun {
  /** None where a job failed. */
  readonly uploads: readonly Upload[];
  /** What was printed. */
  readonly log: string;
}

export interface PipelineRunArgs {
  /** Default: the example as it is. */
  readonly source?: string;
  /** Take the jobs of GitLab's own pipeline. Default: none; gitlab-ci-local runs the jobs. */
  readonly runners?: RegisteredRunners;
  /** Whether a job is expected to fail. Default: false. */
  readonly fails?: boolean;
}

/** A sandbox with a stack applied to it, whose examples' pipelines run in Docker. */
export interface PipelinesInDocker {
  readonly sandbox: RunningSandbox;
  readonly stack: EngineStack;
  readonly docker: Docker;
  /** Gone in the end. */
  readonly directory: string;
  /** The stack's builder images by codename. */
  readonly builderImages: Readonly<Record<string, string>>;
  run(example: string, args?: PipelineRunArgs): Promise<PipelineRun>;
}

/**
 * Applies the dev stack.
 * @param cleanups Gets what ends it.
 * @param planPackages Gets the registry's address. Default: the dev stack's own packages.
 */
export async function startPipelinesInDocker(
  cleanups: AsyncDisposableStack,
  planPackages?: (registry: string) => Promise<Record<string, unknown>>,
): Promise<PipelinesInDocker> {
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const sandbox = await startSandbox({ directory, ports: "free" });
  cleanups.defer(() => sandbox.stop());
  const { registry } = sandbox.urls;

  const packages = await planPackages?.(registry);
  const configuration = {
    ...(await buildingConfiguration(registry)),
    ...(packages && { "trunkline:packages": packages }),
  };
  const stack = await EngineStack.create({ environment: sandbox.env, configuration });
  cleanups.defer(() => stack.remove());
  const { succeeded, text } = await stack.up();
  if (!succeeded) throw new Error(text);

  const layout = sandboxLayout(directory);
  cleanups.defer(() => dockerService(layout).stop());
  const docker = await ensureDocker(layout);
  const { builderImages } = await stack.outputs();
  return {
    sandbox,
    stack,
    docker,
    directory,
    builderImages: builderImages as Record<string, string>,
    run: (example, args = {}) => run({ sandbox, docker, directory }, example, args),
  };
}

async function run(
  { sandbox, docker, directory }: Pick<PipelinesInDocker, "sandbox" | "docker" | "directory">,
  example: string,
  { source = join(repository, "examples", example), runners, fails = false }: PipelineRunArgs,
): Promise<PipelineRun> {
  const { env, urls } = sandbox;
  const lines: string[] = [];
  const running = runPipeline({
    project: `infra/${example}`,
    source,
    gitlab: { url: env.GITLAB_BASE_URL ?? "", token: env.GITLAB_TOKEN ?? "" },
    docker,
    aptUrl: urls.apt,
    keyFile: sandboxLayout(directory).publicKey,
    baseImage: (codename) => `${urls.registry}/debian:${codename}`,
    directory: join(directory, "pipelines", example),
    ...(runners && { runners }),
    report: (line) => lines.push(line),
  });
  if (fails) {
    await expect(running).rejects.toMatchObject({ code: "jobs-failed" });
    return { uploads: [], log: lines.join("\n") };
  }
  const uploads = await running.catch((cause: unknown) => {
    throw new Error(lines.slice(-40).join("\n"), { cause });
  });
  return { uploads, log: lines.join("\n") };
}
