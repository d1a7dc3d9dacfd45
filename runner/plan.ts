import { ConfigError, type Fault } from "../validation/config-error.ts";
import { shapeFaults, toDottedPath } from "../validation/shape-faults.ts";
import { checkRunner } from "./checks.ts";
import { type RunnerSettings, type RunnerSettingsInput, runnerSettings } from "./settings.ts";

export interface RunnerRequest extends RunnerSettingsInput {
  readonly description: string;
  /** Image of jobs that name none. Default: none, which the executor `shell` alone can do without. */
  readonly image?: string | undefined;
  /** Whether a secret of `cache.accessId` is given at registration. Default: false. */
  readonly hasCacheSecret?: boolean;
}

export interface RunnerPlan extends RunnerSettings {
  readonly description: string;
  readonly image?: string | undefined;
}

/** Fills in a runner's defaults; throws a ConfigError with every fault. */
export function planRunner(request: RunnerRequest, subject: string): RunnerPlan {
  const { image, hasCacheSecret = false, ...raw } = request;
  const faults = shapeFaults({ schema: runnerSettings, raw, toPath: toDottedPath });
  const settings = runnerSettings.safeParse(raw);
  if (settings.success) {
    faults.push(...checkRunner(settings.data, hasCacheSecret), ...checkImage(settings.data, image));
    if (faults.length === 0) {
      return { ...settings.data, description: request.description, image };
    }
  }
  throw new ConfigError({ code: "arguments", subject, faults });
}

function checkImage({ executor }: RunnerSettings, image: string | undefined): Fault[] {
  if (executor === "shell" || image !== undefined) return [];
  const fix = "Name the image of jobs that name none.";
  return [{ path: "image", message: `is missing for the executor "${executor}"`, fix }];
}
