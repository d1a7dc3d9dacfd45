import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDocker } from "../../sandbox/run-pipeline/docker.ts";
import type { Docker } from "../../sandbox/run-pipeline/docker-engine.ts";
import { runPipeline } from "../../sandbox/run-pipeline/run.ts";
import type { Upload } from "../../sandbox/run-pipeline/uploads.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/services/sandbox.ts";
import { repository } from "../../toolchain/paths.ts";
import { devConfiguration, EngineStack } from "./engine-stack.ts";

/** A pipeline that ended well. */
export interface PipelineRun {
  readonly uploads: readonly Upload[];
  /** What was printed. */
  readonly log: string;
}

/** A sandbox with a stack applied to it, whose examples' pipelines run in Docker. */
export interface PipelinesInDocker {
  readonly sandbox: RunningSandbox;
  readonly docker: Docker;
  /** Gone in the end. */
  readonly directory: string;
  /** The stack's builder images by codename. */
  readonly builderImages: Readonly<Record<string, string>>;
  run(example: string): Promise<PipelineRun>;
}

/**
 * Applies the dev stack with other packages.
 * @param planPackages Gets the registry's address.
 * @param onEnd Told what to clean up, last first.
 */
export async function startPipelinesInDocker(
  planPackages: (registry: string) => Promise<Record<string, unknown>>,
  onEnd: (cleanup: () => Promise<unknown>) => void,
): Promise<PipelinesInDocker> {
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  onEnd(() => rm(directory, { recursive: true, force: true }));
  const sandbox = await startSandbox({ directory, ports: "free" });
  onEnd(() => sandbox.stop());
  const { registry } = sandbox.urls;

  const configuration = await configure(registry, await planPackages(registry));
  const stack = await EngineStack.create({ environment: sandbox.env, configuration });
  onEnd(() => stack.remove());
  const { succeeded, text } = await stack.up();
  if (!succeeded) throw new Error(text);

  const layout = sandboxLayout(directory);
  onEnd(() => dockerService(layout).stop());
  const docker = await ensureDocker(layout);
  const { builderImages } = await stack.outputs();
  return {
    sandbox,
    docker,
    directory,
    builderImages: builderImages as Record<string, string>,
    run: (example) => run({ sandbox, docker, directory }, example),
  };
}

async function configure(registry: string, packages: Record<string, unknown>) {
  const { "trunkline:images": _, ...committed } = await devConfiguration();
  const configuration = { ...committed, "trunkline:packages": packages };
  return JSON.parse(JSON.stringify(configuration).replaceAll("127.0.0.1:5050", registry));
}

async function run(
  { sandbox, docker, directory }: Pick<PipelinesInDocker, "sandbox" | "docker" | "directory">,
  example: string,
): Promise<PipelineRun> {
  const { env, urls } = sandbox;
  const lines: string[] = [];
  const uploads = await runPipeline({
    project: `infra/${example}`,
    source: join(repository, "examples", example),
    gitlab: { url: env.GITLAB_BASE_URL ?? "", token: env.GITLAB_TOKEN ?? "" },
    docker,
    aptUrl: urls.apt,
    keyFile: sandboxLayout(directory).publicKey,
    baseImage: (codename) => `${urls.registry}/debian:${codename}`,
    directory: join(directory, "pipelines", example),
    report: (line) => lines.push(line),
  }).catch((cause: unknown) => {
    throw new Error(lines.slice(-40).join("\n"), { cause });
  });
  return { uploads, log: lines.join("\n") };
}
