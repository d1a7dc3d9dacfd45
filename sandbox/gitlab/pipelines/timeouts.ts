import type { Context } from "../context.ts";
import { eachDue } from "./each-due.ts";
import type { Job } from "./rows.ts";
import { endJob } from "./transitions.ts";

/** Seconds without a word from its runner after which a running job counts as lost. */
const silence = 60 * 60;
/** Seconds after which a job that no runner took is given up. */
const pendingFor = 24 * 60 * 60;

/**
 * Fails the jobs whose runner died, and those that no runner takes.
 *
 * @see https://docs.gitlab.com/ci/jobs/job_troubleshooting/
 */
export function failStuckJobs(context: Context): Promise<void> {
  return eachDue(
    context.store.jobs,
    (job) => isStuck(context, job),
    (job) =>
      endJob(context, job, {
        status: job.status === "canceling" ? "canceled" : "failed",
        failure_reason: "stuck_or_timeout_failure",
      }),
  );
}

function isStuck(context: Context, job: Job): boolean {
  const passed = (since: string | null) =>
    since === null ? 0 : (context.now().getTime() - Date.parse(since)) / 1000;
  if (job.status === "pending") return passed(job.queued_at) > pendingFor;
  if (job.status !== "running" && job.status !== "canceling") return false;
  return passed(job.started_at) > (job.timeout ?? silence) || passed(job.heard_at) > silence;
}
