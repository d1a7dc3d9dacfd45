import { createSecret } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { Project, Runner } from "../entities.ts";
import { fullPath } from "../paths.ts";
import type { Store } from "../store.ts";
import { lostDependencies } from "./dependencies.ts";
import { processPipeline } from "./processing.ts";
import { isProtectedRef } from "./ref.ts";
import type { Job } from "./rows.ts";
import { endJob } from "./transitions.ts";

/** What a runner says of itself when it asks for a job. */
export interface Asker {
  system_id: string | null;
  cancels_gracefully: boolean;
}

/** A job that now runs, with its token. */
export interface TakenJob {
  job: Job;
  token: string;
}

/**
 * Gives the next job that a runner may run, or none.
 *
 * Choosing and marking happen in one step without a pause between them, so two requests never get the
 * same job.
 */
export async function takeJob(
  context: Context,
  runner: Runner,
  asker: Asker,
): Promise<TakenJob | undefined> {
  for (;;) {
    const job = chooseJob(context.store, runner);
    if (job === undefined) return undefined;
    if (lostDependencies(context, job).length === 0) return markTaken(context, job, runner, asker);
    const failure_reason = "missing_dependency_failure";
    await endJob(context, job, { status: "failed", failure_reason });
  }
}

function markTaken(context: Context, job: Job, runner: Runner, asker: Asker): TakenJob {
  const { store } = context;
  const { settings } = store.projects.require(job.project_id);
  const now = timestamp(context);
  const wanted = job.spec.timeout ?? settings.build_timeout;
  const token = createSecret("glcbt-");
  store.jobs.update(job, {
    ...asker,
    status: "running",
    token,
    last_token: token,
    runner_id: runner.id,
    timeout: Math.min(wanted, runner.maximum_timeout ?? wanted),
    started_at: now,
    heard_at: now,
  });
  processPipeline(context, store.pipelines.require(job.pipeline_id));
  return { job, token };
}

function chooseJob(store: Store, runner: Runner): Job | undefined {
  if (runner.paused) return undefined;
  return store.jobs.find(
    (job) =>
      job.status === "pending" &&
      matchesTags(job, runner) &&
      serves(store, runner, store.projects.require(job.project_id)) &&
      isAllowedRef(store, job, runner),
  );
}

function matchesTags({ spec }: Job, runner: Runner): boolean {
  if (spec.tags.length === 0) return runner.run_untagged;
  return spec.tags.every((tag) => runner.tag_list.includes(tag));
}

/** Whether the project lets this runner in. https://docs.gitlab.com/ci/runners/runners_scope/ */
export function serves(store: Store, runner: Runner, project: Project): boolean {
  const { settings } = project;
  if (project.archived || project.marked_for_deletion_at !== null) return false;
  if (settings.builds_access_level === "disabled") return false;
  if (runner.runner_type === "instance_type") return settings.shared_runners_enabled;
  if (runner.runner_type === "project_type") return runner.project_ids.includes(project.id);
  const group = store.namespaces.get(runner.group_id);
  const path = fullPath(store, store.namespaces.require(project.namespace_id));
  if (group === undefined || !settings.group_runners_enabled) return false;
  return `${path}/`.startsWith(`${fullPath(store, group)}/`);
}

function isAllowedRef(store: Store, job: Job, runner: Runner): boolean {
  if (runner.access_level === "not_protected") return true;
  const project = store.projects.require(job.project_id);
  return isProtectedRef(store, project, store.pipelines.require(job.pipeline_id));
}
