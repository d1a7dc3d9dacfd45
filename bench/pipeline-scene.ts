import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDocker } from "../sandbox/run-pipeline/docker.ts";
import type { Docker } from "../sandbox/run-pipeline/docker-engine.ts";
import { ensureHelperImage } from "../sandbox/run-pipeline/make-image.ts";
import { type RunPipelineArgs, runPipeline } from "../sandbox/run-pipeline/run.ts";
import { type SandboxLayout, sandboxLayout } from "../sandbox/services/layout.ts";
import { findFreePorts } from "../sandbox/services/ports.ts";
import {
  listServices,
  type RunningSandbox,
  startSandbox,
  stopAll,
} from "../sandbox/services/sandbox.ts";
import { SandboxError } from "../sandbox/services/sandbox-error.ts";
import { buildingConfiguration, EngineStack } from "../test/support/engine-stack.ts";
import { repository } from "../toolchain/paths.ts";
import { type OnEnd, withCleanups } from "./cleanups.ts";

/** The distributions of the dev stack. */
export const codenames = ["bookworm", "trixie"] as const;

/** A sandbox with the dev stack applied and ying published, and a Docker engine for the jobs. */
export interface PipelineScene {
  readonly sandbox: RunningSandbox;
  readonly layout: SandboxLayout;
  readonly gitlab: RunPipelineArgs["gitlab"];
  readonly docker: Docker;
  /** An image with bash and rsync. */
  readonly helperImage: string;
  /** The image of a distribution with nothing of the team's own; the engine has it. */
  readonly baseImage: (codename: string) => string;
}

/** The source tree of an example. */
export function exampleFolder(name: string): string {
  return join(repository, "examples", name);
}

/**
 * Brings up a scene, works in it, and leaves nothing of it behind.
 * @throws SandboxError `no-privilege` or `missing-command` where images or containers cannot be had.
 */
export function withPipelineScene(work: (scene: PipelineScene) => Promise<void>): Promise<void> {
  return withCleanups(async (onEnd) => {
    const { layout, docker, sandbox } = await startServices(onEnd);
    const { env, urls } = sandbox;
    await applyStack(sandbox, onEnd);
    const baseImage = (codename: string) => `${urls.registry}/debian:${codename}`;
    for (const codename of codenames) await docker.run(["pull", baseImage(codename)]);
    const helperImage = await ensureHelperImage(docker, baseImage("trixie"));
    const gitlab = { url: env.GITLAB_BASE_URL ?? "", token: env.GITLAB_TOKEN ?? "" };
    const scene = { sandbox, layout, gitlab, docker, helperImage, baseImage };
    await publishYing(scene);
    // The two pipelines that are compared find the base images alone.
    await removeImages(docker, urls.registry, ["builder-*"]);
    await work(scene);
  });
}

async function startServices(onEnd: OnEnd) {
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  onEnd(() => rm(directory, { recursive: true, force: true }));
  const ports = await findFreePorts();
  onEnd(() => stopAll(listServices({ directory, ports })));
  const layout = sandboxLayout(directory);
  const docker = await ensureDocker(layout);
  const starting = startSandbox({ directory, ports });
  // What still starts when an interrupt comes could not be stopped.
  onEnd(() => Promise.allSettled([starting]));
  const sandbox = await starting;
  if (sandbox.buildProblem) throw new SandboxError("no-privilege", sandbox.buildProblem);

  const isUsersOwn = Object.keys(docker.environment).length === 0;
  // The helper image stays there, and keeps its base.
  const made = ["builder-*", "team-*", "debian:bookworm"];
  if (isUsersOwn) onEnd(() => removeImages(docker, sandbox.urls.registry, made));
  return { layout, docker, sandbox };
}

async function applyStack({ env, urls }: RunningSandbox, onEnd: OnEnd): Promise<void> {
  const configuration = await configurationWithoutTests(urls.registry);
  const stack = await EngineStack.create({ environment: env, configuration });
  onEnd(() => stack.remove());
  const { succeeded, text } = await stack.up();
  if (!succeeded) throw new Error(text);
}

/** Without tests between compile and upload, since the original pipeline has none. */
async function configurationWithoutTests(registry: string): Promise<Record<string, unknown>> {
  const text = JSON.stringify(await buildingConfiguration(registry));
  return JSON.parse(text, (key, value) => (key === "tests" ? undefined : value));
}

async function publishYing({ sandbox, layout, ...scene }: PipelineScene): Promise<void> {
  await runPipeline({
    ...scene,
    project: "infra/ying",
    source: exampleFolder("ying"),
    aptUrl: sandbox.urls.apt,
    keyFile: layout.publicKey,
    directory: join(layout.root, "pipelines/ying"),
    report: () => undefined,
  });
}

async function removeImages(docker: Docker, registry: string, names: readonly string[]) {
  const filters = names.flatMap((name) => ["--filter", `reference=${registry}/${name}`]);
  const found = await docker.run(["image", "ls", "--quiet", ...filters]);
  const ids = new Set(found.split("\n").filter(Boolean));
  if (ids.size > 0) await docker.run(["image", "rm", "--force", ...ids]);
}
