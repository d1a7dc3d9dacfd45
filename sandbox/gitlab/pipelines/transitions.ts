import { type Context, timestamp } from "../context.ts";
import type { User } from "../entities.ts";
import type { Store } from "../store.ts";
import { eachDue } from "./each-due.ts";
import { currentJobs, enqueue, processPipeline } from "./processing.ts";
import { keepPipelineRef } from "./ref.ts";
import type { Job, Pipeline, PipelineVariable } from "./rows.ts";
import { isCancelable, isRetryable } from "./statuses.ts";

/** How a job ended. */
export interface Ending {
  status: "success" | "failed" | "canceled";
  failure_reason?: string | null;
  exit_code?: number | null;
}

/** Ends a job: its token is void, it is retried where its configuration says so, others go on. */
export async function endJob(context: Context, job: Job, ending: Ending): Promise<void> {
  const { store } = context;
  const status = job.status === "canceling" ? "canceled" : ending.status;
  const failed = status === "failed";
  const exit_code = ending.exit_code ?? null;
  const allowed = exit_code !== null && job.spec.allowed_exit_codes.includes(exit_code);
  store.jobs.update(job, {
    status,
    exit_code,
    token: null,
    failure_reason: failed ? (ending.failure_reason ?? "unknown_failure") : null,
    allow_failure: job.allow_failure || (failed && allowed),
    finished_at: timestamp(context),
  });
  if (failed && retriesItself(context, job)) replaceJob(context, job, job.user_id);
  await settle(context, store.pipelines.require(job.pipeline_id));
}

/** Brings pipeline, queue, ref and disk in line after a change of its jobs. */
export async function settle(context: Context, pipeline: Pipeline): Promise<void> {
  processPipeline(context, pipeline);
  context.store.flush();
  await keepPipelineRef(context, pipeline);
}

/** https://docs.gitlab.com/ci/yaml/#retry */
function retriesItself({ store }: Context, job: Job): boolean {
  const { max, when, exit_codes } = job.spec.retry;
  const before = store.jobs.filter(
    (other) =>
      other.pipeline_id === job.pipeline_id && other.spec.name === job.spec.name && other.retried,
  );
  if (before.length >= max) return false;
  if (job.exit_code !== null && exit_codes.includes(job.exit_code)) return true;
  return when.includes("always") || when.includes(job.failure_reason ?? "");
}

/** Puts a new job in the place of an ended one, and lets what was skipped after it wait again. */
function replaceJob(context: Context, job: Job, userId: number): Job {
  const { store } = context;
  const { id: _, ...fields } = job;
  store.jobs.update(job, { retried: true });
  const next = store.jobs.insert({ ...fields, ...fresh(context), user_id: userId });
  resetAfter(store, next);
  enqueue(context, next);
  return next;
}

/** The fields of a job that has not run. */
export function fresh(context: Context) {
  return {
    status: "created" as const,
    retried: false,
    token: null,
    last_token: null,
    runner_id: null,
    system_id: null,
    cancels_gracefully: false,
    timeout: null,
    failure_reason: null,
    exit_code: null,
    artifacts: [],
    dotenv: [],
    artifacts_expire_at: null,
    trace_doubted: false,
    created_at: timestamp(context),
    queued_at: null,
    scheduled_at: null,
    started_at: null,
    finished_at: null,
    heard_at: null,
  };
}

function resetAfter(store: Store, job: Job): void {
  const jobs = currentJobs(store, store.pipelines.require(job.pipeline_id));
  const follows = (other: Job) =>
    other.spec.needs === null
      ? other.stage_index > job.stage_index
      : other.spec.needs.some((need) => need.name === job.spec.name);
  for (const other of jobs.filter((row) => row.status === "skipped" && follows(row))) {
    store.jobs.update(other, { status: "created" });
    resetAfter(store, other);
  }
}

/** Runs a job again; undefined when it cannot be: it runs, waits, or was retried before. */
export async function retryJob(context: Context, job: Job, user: User): Promise<Job | undefined> {
  if (job.retried || !isRetryable(job.status)) return undefined;
  const next = replaceJob(context, job, user.id);
  await settle(context, context.store.pipelines.require(job.pipeline_id));
  return next;
}

/** Runs every job again that failed or was canceled. */
export async function retryPipeline(
  context: Context,
  pipeline: Pipeline,
  user: User,
): Promise<void> {
  for (const job of currentJobs(context.store, pipeline))
    if (job.status === "failed" || job.status === "canceled") {
      if (job.started_at === null && job.status === "canceled")
        context.store.jobs.update(job, { status: "created", user_id: user.id });
      else replaceJob(context, job, user.id);
    }
  await settle(context, pipeline);
}

/** Starts the delayed jobs whose time has come. */
export function startDelayedJobs(context: Context): Promise<void> {
  const { jobs, pipelines } = context.store;
  const now = timestamp(context);
  const isDue = ({ status, scheduled_at }: Job) =>
    status === "scheduled" && scheduled_at != null && scheduled_at <= now;
  return eachDue(jobs, isDue, async (job) => {
    enqueue(context, job);
    await settle(context, pipelines.require(job.pipeline_id));
  });
}

/** Starts a manual or delayed job now; false when it is not one that waits. */
export async function playJob(
  context: Context,
  job: Job,
  user: User,
  variables: PipelineVariable[],
): Promise<boolean> {
  if ((job.status !== "manual" && job.status !== "scheduled") || job.retried) return false;
  const { store } = context;
  store.jobs.update(job, { user_id: user.id, variables });
  enqueue(context, job);
  resetAfter(store, job);
  await settle(context, store.pipelines.require(job.pipeline_id));
  return true;
}

/**
 * Cancels a job that has not ended. One that runs learns of it with its next call; where its runner
 * can, it first runs after_script.
 */
export async function cancelJob(context: Context, job: Job): Promise<void> {
  markCanceled(context, job);
  await settle(context, context.store.pipelines.require(job.pipeline_id));
}

/** Cancels every job of a pipeline that has not ended. */
export async function cancelPipeline(context: Context, pipeline: Pipeline): Promise<void> {
  for (const job of currentJobs(context.store, pipeline)) markCanceled(context, job);
  await settle(context, pipeline);
}

function markCanceled(context: Context, job: Job): void {
  if (!isCancelable(job.status)) return;
  const waits = job.status === "running" && job.cancels_gracefully;
  context.store.jobs.update(
    job,
    waits
      ? { status: "canceling" }
      : { status: "canceled", token: null, finished_at: timestamp(context) },
  );
}
