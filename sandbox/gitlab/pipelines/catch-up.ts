import type { Context } from "../context.ts";
import { removeExpiredArtifacts } from "./artifact-expiry.ts";
import { runDueSchedules } from "./schedule-runs.ts";
import { failStuckJobs } from "./timeouts.ts";
import { startDelayedJobs } from "./transitions.ts";

/** Does what has become due since the last time; several may do it at once. */
export async function catchUp(context: Context): Promise<void> {
  await failStuckJobs(context);
  await startDelayedJobs(context);
  await runDueSchedules(context);
  await removeExpiredArtifacts(context);
}
