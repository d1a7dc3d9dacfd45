import type { Context } from "../context.ts";
import { removeExpiredArtifacts } from "./artifact-expiry.ts";
import { runDueSchedules } from "./schedule-runs.ts";
import { failStuckJobs } from "./timeouts.ts";
import { startDelayedJobs } from "./transitions.ts";

/**
 * Does what has become due since the last time. Several may do it at once: each looks for the next
 * thing that is due only when it is done with the one before.
 */
export async function catchUp(context: Context): Promise<void> {
  await failStuckJobs(context);
  await startDelayedJobs(context);
  await runDueSchedules(context);
  await removeExpiredArtifacts(context);
}
