import { ApiError } from "../kit/api-error.ts";
import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";

const delaysPerLook = 10;
const wait = { for: "its jobs to end", left: "Nothing was deleted" };

/**
 * Lets a runner end what it has begun: it takes no new jobs from here on, and the jobs under way are
 * waited for. Without this, removing it takes the runner from under them.
 * https://docs.gitlab.com/api/runners/#list-all-jobs-processed-by-a-runner
 * @param looks How often it is asked for its jobs. Default: an hour long, as GitLab's jobs by default.
 */
export async function drainRunner(api: GitLab, id: string, looks = 360): Promise<void> {
  const runner = await api.find<{ paused: boolean }>(path`/runners/${id}`);
  if (runner === undefined) return;
  if (!runner.paused) await api.put(path`/runners/${id}`, { paused: true });
  const url = path`/runners/${id}/jobs`;
  for (let look = 1; ; look += 1) {
    const running = await api.find<readonly unknown[]>(url, { status: "running" });
    if (running === undefined || running.length === 0) return;
    if (look === looks) throw toBusyError(url, running.length);
    await api.cancellation.pause(delaysPerLook * api.pollDelay, wait);
  }
}

function toBusyError(url: string, jobs: number): ApiError {
  return new ApiError({
    service: "gitlab",
    method: "GET",
    path: url,
    status: 200,
    answer: `${jobs} of its jobs still run`,
    advice: "It is paused and takes no new ones; run pulumi up again when they have ended.",
  });
}
