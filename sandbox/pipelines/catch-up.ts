import type { Context } from "../context.ts";
import { removeExpiredArtifacts } from "./artifact-expiry.ts";
import { runDueSchedules } from "./schedule-runs.ts";
import { failStuckJobs } from "./timeouts.ts";

/** Does what has become due since the last time. */
export async function catchUp(context: Context): Promise<void> {
  await failStuckJobs(context);
  await runDueSchedules(context);
  await removeExpiredArtifacts(context);
}
