import type { Context } from "../context.ts";
import { hasExpired } from "./artifact-expiry.ts";
import { currentJobs } from "./processing.ts";
import type { Artifact, Job } from "./rows.ts";
import { type JobVariable, layer } from "./variables.ts";

/** The jobs whose artifacts a job fetches. https://docs.gitlab.com/ci/jobs/job_artifacts/ */
export function listDependencies({ store }: Context, job: Job): Job[] {
  const { needs, dependencies } = job.spec;
  const jobs = currentJobs(store, store.pipelines.require(job.pipeline_id));
  const wanted = needs?.filter((need) => need.artifacts).map((need) => need.name);
  return jobs.filter(
    (other) =>
      other.id !== job.id &&
      (wanted === undefined
        ? other.stage_index < job.stage_index
        : wanted.includes(other.spec.name)) &&
      (dependencies === null || dependencies.includes(other.spec.name)),
  );
}

/** The variables that the `dotenv` reports of those jobs give it. */
export function listGivenVariables(context: Context, job: Job): JobVariable[] {
  return layer(...listDependencies(context, job).map((other) => other.dotenv ?? []));
}

/** The archive of a job, unless it expired. */
export function archiveOf(context: Context, job: Job): Artifact | undefined {
  if (hasExpired(context, job)) return undefined;
  return job.artifacts.find((artifact) => artifact.file_type === "archive");
}

/**
 * Those of the dependencies whose artifacts expired. A job that names what it depends
 * on fails then; one that takes what is there goes on.
 *
 * @see https://docs.gitlab.com/ci/jobs/job_artifacts_troubleshooting/
 */
export function lostDependencies(context: Context, job: Job): Job[] {
  if (job.spec.needs === null && job.spec.dependencies === null) return [];
  return listDependencies(context, job).filter(
    (other) => other.status === "success" && hasExpired(context, other),
  );
}
