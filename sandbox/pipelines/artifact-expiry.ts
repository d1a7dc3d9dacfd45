import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import { artifactPath } from "./artifacts.ts";
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
    .filter(
      (row) => row.project_id === own.project_id && row.ref === own.ref && row.tag === own.tag,
    )
    .findLast((row) => row.status === "success");
  return latest?.id === own.id;
}

/** Removes the artifacts whose time is over; the job goes on telling when it was. */
export async function removeExpiredArtifacts(context: Context): Promise<void> {
  const { jobs } = context.store;
  for (;;) {
    const job = jobs.find((row) => row.artifacts.length > 0 && hasExpired(context, row));
    if (job === undefined) return;
    const { artifacts } = job;
    // Told before the files go, so that nobody is sent to a file that is gone.
    jobs.update(job, { artifacts: [] });
    for (const artifact of artifacts)
      await rm(artifactPath(context.directory, job, artifact), { force: true });
  }
}
