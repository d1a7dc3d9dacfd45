import { type Context, timestamp } from "../context.ts";
import type { Store } from "../store.ts";
import { freeResources } from "./resource-groups.ts";
import type { Job, Pipeline } from "./rows.ts";
import { combineNeeds, combineStatuses, isComplete, type JobStatus } from "./statuses.ts";

/** The jobs of a pipeline that were not replaced by a retry, in the order of their stages. */
export function currentJobs(store: Store, pipeline: Pipeline): Job[] {
  return store.jobs
    .filter((job) => job.pipeline_id === pipeline.id && !job.retried)
    .sort((left, right) => left.stage_index - right.stage_index || left.id - right.id);
}

/**
 * Lets every job whose turn has come go on, and gives the pipeline the status of its jobs.
 *
 * @see https://docs.gitlab.com/ci/pipelines/pipeline_architectures/
 */
export function processPipeline(context: Context, pipeline: Pipeline): void {
  const jobs = currentJobs(context.store, pipeline);
  let moved = true;
  while (moved) {
    moved = false;
    for (const job of jobs)
      if (job.status === "created") moved = advance(context, job, jobs) || moved;
  }
  freeResources(context, pipeline.project_id);
  noteStatus(context, pipeline, combineStatuses(jobs));
}

/** Moves a created job on; false while it must wait for others. */
function advance(context: Context, job: Job, jobs: readonly Job[]): boolean {
  const before = statusBefore(job, jobs);
  if (!isComplete(before)) return false;
  if (!runsAfter(job, before)) context.store.jobs.update(job, { status: "skipped" });
  else if (job.spec.when === "manual") context.store.jobs.update(job, { status: "manual" });
  else if (job.spec.when === "delayed") putOff(context, job);
  else enqueue(context, job);
  return true;
}

function statusBefore(job: Job, jobs: readonly Job[]): JobStatus {
  const { needs } = job.spec;
  if (needs === null) {
    return combineStatuses(jobs.filter((other) => other.stage_index < job.stage_index));
  }
  return combineNeeds(jobs.filter((other) => needs.some((need) => need.name === other.spec.name)));
}

function runsAfter({ spec }: Job, before: JobStatus): boolean {
  if (spec.when === "always") return before !== "canceled";
  if (spec.when === "on_failure") return before === "failed";
  return before === "success" || (before === "skipped" && spec.needs === null);
}

function putOff(context: Context, job: Job): void {
  const due = context.now().getTime() + (job.spec.start_in ?? 0) * 1000;
  const scheduled_at = new Date(due).toISOString();
  context.store.jobs.update(job, { status: "scheduled", scheduled_at });
}

/** Puts a job where runners find it, or before its resource group. */
export function enqueue(context: Context, job: Job): void {
  const status = job.spec.resource_group === null ? "pending" : "waiting_for_resource";
  context.store.jobs.update(job, { status, queued_at: timestamp(context) });
  context.queue.changed();
}

function noteStatus(context: Context, pipeline: Pipeline, status: JobStatus): void {
  const now = timestamp(context);
  const runs = status === "running" || status === "success" || status === "failed";
  context.store.pipelines.update(pipeline, {
    status,
    updated_at: now,
    started_at: pipeline.started_at ?? (runs ? now : null),
    finished_at: isComplete(status) ? (pipeline.finished_at ?? now) : null,
  });
}
