import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Docker } from "./docker-engine.ts";
import type { GitLabAccess } from "./gitlab-calls.ts";
import { goesOn, type Pipeline, ProjectPipelines } from "./gitlab-pipeline.ts";
import type { PipelineProject } from "./gitlab-project.ts";
import { JobLogs } from "./job-logs.ts";
import { PipelineError } from "./pipeline-error.ts";
import { adaptRunnerConfig } from "./runner-config.ts";
import { ensureRunnerHelper } from "./runner-helper-image.ts";
import { RunnerProcess } from "./runner-process.ts";

/** The runners of a stack, to be processes here for as long as a pipeline takes. */
export interface RegisteredRunners {
  /** Path of the program gitlab-runner. */
  program: string;
  /** The `config.toml` of each, by name. */
  configs: Readonly<Record<string, string>>;
  /** The registry for the helper image, host and port. */
  registry: string;
}

export interface RunnerJobsArgs {
  project: Pick<PipelineProject, "id" | "defaultBranch">;
  /** The newest commit of the default branch. */
  commit: string;
  gitlab: GitLabAccess;
  docker: Docker;
  baseImage: (codename: string) => string;
  directory: string;
  report: (line: string) => void;
}

/** Milliseconds between two looks at a pipeline. */
const pause = 1_000;

/**
 * Lets a stack's registered runners take the jobs of a commit's pipeline, and of whatever else waits
 * for them.
 * @returns The folder of the jobs' artifacts, a folder for each job.
 * @throws PipelineError `jobs-failed`, `no-pipeline`, or `runner-failed` when a runner ended by itself.
 */
export async function runOnRunners(
  runners: RegisteredRunners,
  args: RunnerJobsArgs,
): Promise<string> {
  const { gitlab, project, directory, report } = args;
  const pipelines = new ProjectPipelines(gitlab, project.id);
  const processes = await startRunners(runners, args);
  try {
    const pipeline = await choosePipeline(pipelines, args);
    report(`pipeline ${pipeline.id}: taken by ${Object.keys(runners.configs).join(", ")}`);
    await follow(pipelines, pipeline, { processes, directory, report });
    return await fetchArtifacts(pipelines, pipeline, join(directory, "artifacts"));
  } finally {
    await Promise.all(processes.map((process) => process.finish()));
  }
}

async function startRunners(
  { program, configs, registry }: RegisteredRunners,
  { docker, baseImage, directory }: RunnerJobsArgs,
): Promise<RunnerProcess[]> {
  const base = baseImage("trixie");
  const helperImage = await ensureRunnerHelper({ docker, program, base, registry });
  const { environment } = docker;
  const starting = Object.entries(configs).map(([name, config]) =>
    RunnerProcess.start({
      program,
      config: adaptRunnerConfig(config, helperImage),
      folder: runnerFolder(directory, name),
      environment,
    }),
  );
  return Promise.all(starting);
}

function runnerFolder(directory: string, name: string): string {
  return join(directory, "runners", name);
}

/** The one that the push made; another one when that has been through before. */
async function choosePipeline(
  pipelines: ProjectPipelines,
  { commit, project }: RunnerJobsArgs,
): Promise<Pipeline> {
  const found = await pipelines.find(commit);
  return found !== undefined && goesOn(found) ? found : pipelines.create(project.defaultBranch);
}

interface FollowArgs {
  processes: readonly RunnerProcess[];
  directory: string;
  report: (line: string) => void;
}

/** Reports what its jobs print as it comes, until all have ended. */
async function follow(
  pipelines: ProjectPipelines,
  { id }: Pipeline,
  { processes, directory, report }: FollowArgs,
): Promise<void> {
  const logs = new JobLogs(pipelines, id, report);
  for (;;) {
    const pipeline = await pipelines.read(id);
    await logs.reportNew();
    if (pipeline.status === "success") return;
    if (!goesOn(pipeline)) {
      const jobs = await pipelines.listJobs(id);
      const failed = jobs.filter(({ status }) => status === "failed").map(({ name }) => name);
      const whose = failed.length > 0 ? `Lines of ${failed.join(", ")} above` : "The lines above";
      const message = `pipeline: it ended as ${pipeline.status}. ${whose} say why; so does ${pipeline.web_url}.`;
      throw new PipelineError("jobs-failed", message);
    }
    if (!processes.every(({ runs }) => runs)) {
      const logFile = join(runnerFolder(directory, "*"), "runner.log");
      const message = `pipeline: gitlab-runner ended by itself. ${logFile} says why.`;
      throw new PipelineError("runner-failed", message);
    }
    await sleep(pause);
  }
}

async function fetchArtifacts(
  pipelines: ProjectPipelines,
  { id }: Pipeline,
  folder: string,
): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  for (const job of await pipelines.listJobs(id)) {
    if (!job.artifacts_file) continue;
    const target = join(folder, job.name);
    const archive = `${target}.zip`;
    await mkdir(target, { recursive: true });
    await writeFile(archive, await pipelines.readArchive(job.id));
    await execa("unzip", ["-q", archive, "-d", target]);
  }
  return folder;
}
