import type { Context } from "../context.ts";
import { currentJobs } from "./processing.ts";
import type { Pipeline } from "./rows.ts";
import { isComplete } from "./statuses.ts";
import { cancelPipeline } from "./transitions.ts";

/**
 * Cancels older pipelines of the same branch for another commit, unless a job of theirs has started
 * that may not be interrupted.
 *
 * @see https://docs.gitlab.com/ci/pipelines/settings/#auto-cancel-redundant-pipelines
 */
export async function cancelRedundant(context: Context, newer: Pipeline): Promise<void> {
  const { pipelines, projects } = context.store;
  const { settings } = projects.require(newer.project_id);
  if (settings.auto_cancel_pending_pipelines !== "enabled") return;
  const older = pipelines.filter(
    (row) =>
      row.project_id === newer.project_id &&
      row.ref === newer.ref &&
      row.tag === newer.tag &&
      row.id < newer.id &&
      row.sha !== newer.sha &&
      !isComplete(row.status),
  );
  for (const pipeline of older) {
    const jobs = currentJobs(context.store, pipeline);
    const bound = jobs.some((job) => job.started_at !== null && !job.spec.interruptible);
    if (!bound) await cancelPipeline(context, pipeline);
  }
}
