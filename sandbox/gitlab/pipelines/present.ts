import type { FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { type GitCommit, readCommits } from "../git/log.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { projectPath } from "../paths.ts";
import { toUserBasic } from "../present.ts";
import { toCommit } from "../present-git.ts";
import { origin } from "../reply.ts";
import { toRunner } from "../runners.ts";
import type { Job, Pipeline } from "./rows.ts";
import { Trace } from "./trace.ts";

/** A pipeline as lists show it. https://docs.gitlab.com/api/pipelines/ */
export function toPipeline(request: FastifyRequest, { store }: Context, pipeline: Pipeline) {
  const { id, iid, project_id, sha, ref, status, source, created_at, updated_at } = pipeline;
  const path = projectPath(store, store.projects.require(project_id));
  const web_url = `${origin(request)}/${path}/-/pipelines/${id}`;
  return { id, iid, project_id, sha, ref, status, source, created_at, updated_at, web_url };
}

/** A pipeline as a call for one shows it. */
export function toPipelineDetails(request: FastifyRequest, context: Context, pipeline: Pipeline) {
  const { before_sha, tag, yaml_errors, started_at, finished_at, created_at } = pipeline;
  const row = toPipeline(request, context, pipeline);
  return {
    ...row,
    before_sha,
    tag,
    yaml_errors,
    user: toUserBasic(request, context.store.users.require(pipeline.user_id)),
    started_at,
    finished_at,
    committed_at: null,
    duration: seconds(started_at, finished_at),
    queued_duration: seconds(created_at, started_at),
    archived: false,
    detailed_status: toDetailedStatus(pipeline, row.web_url),
  };
}

const icons: Record<string, string> = { success: "success", failed: "failed" };

function toDetailedStatus({ status }: Pipeline, web_url: string) {
  const text = status.charAt(0).toUpperCase() + status.slice(1).replaceAll("_", " ");
  return {
    icon: `status_${icons[status] ?? status}`,
    text: status === "success" ? "Passed" : text,
    label: status === "success" ? "passed" : status,
    group: status,
    tooltip: status === "success" ? "passed" : status,
    has_details: true,
    details_path: new URL(web_url).pathname,
    illustration: null,
    favicon: `/assets/ci_favicons/favicon_status_${status}.png`,
  };
}

/** Jobs as every call shows them. https://docs.gitlab.com/api/jobs/ */
export async function toJobs(request: FastifyRequest, context: Context, jobs: readonly Job[]) {
  const { store, directory } = context;
  const commits = new Map<string, GitCommit>();
  for (const projectId of new Set(jobs.map((job) => job.project_id))) {
    const own = jobs.filter((job) => job.project_id === projectId);
    const ids = own.map((job) => store.pipelines.require(job.pipeline_id).sha);
    const read = await readCommits(repositoryDirectory(directory, projectId), [...new Set(ids)]);
    for (const [id, commit] of read) commits.set(id, commit);
  }
  return jobs.map((job) => {
    const { sha } = store.pipelines.require(job.pipeline_id);
    return toJob(request, context, job, commits.get(sha));
  });
}

function toJob(request: FastifyRequest, context: Context, job: Job, commit: GitCommit | undefined) {
  const { store } = context;
  const project = store.projects.require(job.project_id);
  const pipeline = store.pipelines.require(job.pipeline_id);
  return {
    id: job.id,
    status: job.status,
    stage: job.spec.stage,
    name: job.spec.name,
    ref: pipeline.ref,
    tag: pipeline.tag,
    allow_failure: job.allow_failure,
    created_at: job.created_at,
    started_at: job.started_at,
    finished_at: job.finished_at,
    erased_at: null,
    duration: seconds(job.started_at, job.finished_at),
    queued_duration: seconds(job.queued_at, job.started_at),
    user: toUserBasic(request, store.users.require(job.user_id)),
    commit: commit ? toCommit(request, store, project, commit) : null,
    pipeline: toPipeline(request, context, pipeline),
    ...(job.failure_reason !== null && { failure_reason: job.failure_reason }),
    web_url: `${origin(request)}/${projectPath(store, project)}/-/jobs/${job.id}`,
    project: { ci_job_token_scope_enabled: false },
    ...toFiles(context, job),
    ...toRunners(context, job),
    archived: false,
    tag_list: job.spec.tags,
  };
}

function toFiles({ directory }: Context, job: Job) {
  const size = new Trace(directory, job.id).size;
  const trace = { file_type: "trace", size, filename: "job.log", file_format: null };
  const archive = job.artifacts.find((artifact) => artifact.file_type === "archive");
  const files = job.artifacts.map(({ sha256: _, ...artifact }) => artifact);
  return {
    ...(archive && { artifacts_file: { filename: archive.filename, size: archive.size } }),
    artifacts: size > 0 ? [...files, trace] : files,
    artifacts_expire_at: job.artifacts_expire_at,
  };
}

function toRunners(context: Context, job: Job) {
  const { runners, runnerManagers } = context.store;
  const runner = runners.get(job.runner_id);
  const manager = runnerManagers.find(
    (row) => row.runner_id === job.runner_id && row.system_id === job.system_id,
  );
  return { runner: runner ? toRunner(context, runner) : null, runner_manager: manager ?? null };
}

function seconds(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}
