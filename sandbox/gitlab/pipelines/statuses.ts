/** What a job or a pipeline may be. https://docs.gitlab.com/api/jobs/ */
export const jobStatuses = [
  "created",
  "waiting_for_resource",
  "pending",
  "running",
  "success",
  "failed",
  "canceling",
  "canceled",
  "skipped",
  "manual",
  "scheduled",
] as const;

export type JobStatus = (typeof jobStatuses)[number];

const completed: readonly JobStatus[] = ["success", "failed", "canceled", "skipped"];
const cancelable: readonly JobStatus[] = [
  "created",
  "waiting_for_resource",
  "pending",
  "running",
  "scheduled",
];
const retryable: readonly JobStatus[] = ["success", "failed", "canceled"];

/** Whether nothing more happens by itself. */
export function isComplete(status: JobStatus): boolean {
  return completed.includes(status);
}

export function isCancelable(status: JobStatus): boolean {
  return cancelable.includes(status);
}

export function isRetryable(status: JobStatus): boolean {
  return retryable.includes(status);
}

/** Whether the job holds the resource of its group. */
export function holdsResource(status: JobStatus): boolean {
  return status === "pending" || status === "running" || status === "canceling";
}

interface Counted {
  status: JobStatus;
  allow_failure: boolean;
}

type Outcome = JobStatus | "warned" | "ignored";

function toOutcome({ status, allow_failure }: Counted): Outcome {
  if (!allow_failure) return status;
  if (status === "failed" || status === "canceled") return "warned";
  return status === "manual" ? "ignored" : status;
}

/**
 * The status of several jobs together, as a stage, a pipeline or the jobs before another one.
 *
 * @returns `success` for no jobs at all.
 * @see https://docs.gitlab.com/ci/pipelines/#pipeline-status
 */
export function combineStatuses(jobs: readonly Counted[]): JobStatus {
  const seen = new Set(jobs.map(toOutcome));
  const only = (...allowed: Outcome[]) => [...seen].every((outcome) => allowed.includes(outcome));
  const fine = ["skipped", "success", "warned", "ignored"] as const;
  if (seen.size === 0) return "success";
  if (only("skipped", "ignored")) return "skipped";
  if (only(...fine)) return "success";
  if (only("created", "warned", "ignored")) return "created";
  if (seen.has("canceling")) return "canceling";
  if (only("canceled", ...fine)) return "canceled";
  if (only("pending", "created", "skipped", "warned", "ignored")) return "pending";
  if (seen.has("running") || seen.has("pending")) return "running";
  if (seen.has("waiting_for_resource")) return "waiting_for_resource";
  if (seen.has("manual")) return "manual";
  if (seen.has("scheduled")) return "scheduled";
  return seen.has("created") ? "running" : "failed";
}

/**
 * The status of the jobs that one job names in `needs`: any that did not run keeps it from running.
 *
 * @see https://docs.gitlab.com/ci/yaml/#needs
 */
export function combineNeeds(jobs: readonly Counted[]): JobStatus {
  const outcomes = jobs.map(toOutcome);
  if (outcomes.some((outcome) => outcome === "skipped" || outcome === "ignored")) return "skipped";
  const waits = (outcome: Outcome) => outcome !== "warned" && !isComplete(outcome as JobStatus);
  return outcomes.some(waits) ? "pending" : combineStatuses(jobs);
}
