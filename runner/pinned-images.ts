import { ConfigError, type Fault } from "../validation/config-error.ts";
import { imageReference, runnerName } from "../validation/text-rules.ts";

/** What decides how a runner is brought to its machine. */
export type RunnerHostRequest = {
  /** Seconds that running jobs get when the runner stops or is replaced. Default: 3600. */
  readonly graceSeconds?: number;
} & ({ readonly image: string } | { readonly service: string });

export interface RunnerHostPlan {
  readonly graceSeconds: number;
}

/** Checks a host's arguments; throws a ConfigError with every fault. */
export function planRunnerHost(request: RunnerHostRequest, subject: string): RunnerHostPlan {
  const { graceSeconds = 3600 } = request;
  const faults: Fault[] = [];
  if ("image" in request) faults.push(...checkPinned("docker.image", request.image));
  if ("service" in request) {
    const refusal = runnerName(request.service);
    if (refusal) faults.push({ path: "name", ...refusal });
  }
  if (!Number.isInteger(graceSeconds) || graceSeconds < 1) {
    const message = `"${graceSeconds}" is not a number of seconds`;
    faults.push({ path: "graceSeconds", message, fix: "Give a whole number from 1." });
  }
  if (faults.length > 0) throw new ConfigError({ code: "arguments", subject, faults });
  return { graceSeconds };
}

/** An image that runs on a host is named by digest, so that it changes only when somebody says so. */
export function checkPinned(path: string, image: string): Fault[] {
  const refusal = imageReference(image);
  if (refusal) return [{ path, ...refusal }];
  if (image.includes("@sha256:")) return [];
  const fix = "Add its digest, @sha256:…; docker buildx imagetools inspect tells it.";
  return [{ path, message: `"${image}" is not pinned`, fix }];
}
