import type { Context } from "../context.ts";
import { removeArtifacts } from "./artifacts.ts";
import { eachDue } from "./each-due.ts";
import type { Job } from "./rows.ts";

/** Whether the artifacts of a job are no longer to be had because their time is over. */
export function hasExpired(context: Context, job: Job): boolean {
  if (
    job.artifacts_expire_at === null ||
    Date.parse(job.artifacts_expire_at) > context.now().getTime()
  )
    return false;
  return !isLatestKept(context, job);
}

/** https://docs.gitlab.com/ci/jobs/job_artifacts/#keep-artifacts-from-most-recent-successful-jobs */
function isLatestKept({ store }: Context, job: Job): boolean {
  if (!store.projects.require(job.project_id).settings.keep_latest_artifact) return false;
  const own = store.pipelines.require(job.pipeline_id);
  const latest = store.pipelines
    .all()
    .findLast(
      (row) =>
        row.status === "success" &&
        row.project_id === own.project_id &&
        row.ref === own.ref &&
        row.tag === own.tag,
    );
  return latest?.id === own.id;
}

/** Removes the artifacts whose time is over; the job goes on telling when it was. */
export function removeExpiredArtifacts(context: Context): Promise<void> {
  return eachDue(
    context.store.jobs,
    (job) => job.artifacts.length > 0 && hasExpired(context, job),
    (job) => removeArtifacts(context, job),
  );
}
