import { type Config, isConfig } from "./config.ts";

/** A job that another one needs, as GitLab's lint shows it. */
export interface Need {
  name: string;
  artifacts: boolean;
  optional: boolean;
}

/** The needs of a job on jobs of its own pipeline; needs of other pipelines are left out. */
export function listNeeds(job: Config): Need[] {
  return [job.needs ?? []].flat().flatMap((need): Need[] => {
    if (typeof need === "string") return [{ name: need, artifacts: true, optional: false }];
    if (!isConfig(need) || typeof need.job !== "string") return [];
    if (need.pipeline !== undefined || need.project !== undefined) return [];
    return [
      { name: need.job, artifacts: need.artifacts !== false, optional: need.optional === true },
    ];
  });
}

/** The names in {@link listNeeds}. */
export function needNames(job: Config): string[] {
  return listNeeds(job).map((need) => need.name);
}
