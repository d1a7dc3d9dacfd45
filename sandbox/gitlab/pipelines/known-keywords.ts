import { type Config, isConfig } from "../lint/config.ts";
import { reportTypes } from "../lint/report-types.ts";

/**
 * The keywords that the sandbox's pipelines follow. GitLab has more; one that is not followed must
 * fail the pipeline by name, or a job would run otherwise than on GitLab.
 */
const known: Record<string, readonly string[]> = {
  workflow: ["rules", "name"],
  "workflow:rules": ["if", "when", "changes", "exists", "variables"],
  default: [
    "after_script",
    "artifacts",
    "before_script",
    "cache",
    "hooks",
    "image",
    "interruptible",
    "retry",
    "services",
    "tags",
    "timeout",
  ],
  job: [
    "after_script",
    "allow_failure",
    "artifacts",
    "before_script",
    "cache",
    "coverage",
    "dependencies",
    "environment",
    "except",
    "extends",
    "hooks",
    "image",
    "inherit",
    "interruptible",
    "needs",
    "only",
    "parallel",
    "resource_group",
    "retry",
    "rules",
    "script",
    "services",
    "stage",
    "start_in",
    "tags",
    "timeout",
    "variables",
    "when",
  ],
  "job:rules": [
    "if",
    "when",
    "changes",
    "exists",
    "allow_failure",
    "variables",
    "needs",
    "interruptible",
    "start_in",
  ],
  "job:only": ["refs", "variables", "changes"],
  "job:except": ["refs", "variables", "changes"],
  "job:rules:changes": ["paths"],
  "job:rules:exists": ["paths"],
  "job:artifacts": ["name", "paths", "exclude", "when", "expire_in", "untracked", "reports"],
  "job:artifacts:reports": reportTypes,
  "job:artifacts:reports:coverage_report": ["coverage_format", "path"],
  "job:cache": ["key", "paths", "policy", "untracked", "when", "fallback_keys", "unprotect"],
  "job:cache:key": ["files", "prefix"],
  "job:needs": ["job", "artifacts", "optional", "parallel"],
  "job:needs:parallel": ["matrix"],
  "job:parallel": ["matrix"],
  "job:image": ["name", "entrypoint", "docker", "pull_policy"],
  "job:services": ["name", "alias", "entrypoint", "command", "docker", "pull_policy", "variables"],
  "job:retry": ["max", "when", "exit_codes"],
  "job:allow_failure": ["exit_codes"],
  "job:environment": ["name", "url", "action"],
  "job:hooks": ["pre_get_sources_script"],
  "job:inherit": ["default", "variables"],
};

/**
 * The first keyword that pipelines do not follow, as a sentence; undefined when all are followed.
 *
 * @param config a configuration without faults, everything included and extended.
 * @param jobs its visible jobs.
 */
export function findUnfollowed(
  config: Config,
  jobs: readonly [string, Config][],
): string | undefined {
  const places: [string, string, unknown][] = [
    ["workflow", "workflow", config.workflow],
    ["default", "default", config.default],
    ...["cache", "image", "services"].map((key): [string, string, unknown] => [
      `job:${key}`,
      key,
      config[key],
    ]),
    ...jobs.map(([name, job]): [string, string, unknown] => ["job", `jobs:${name}`, job]),
  ];
  for (const [kind, place, value] of places) {
    const found = findIn(kind, place, value);
    if (found !== undefined)
      return `sandbox: the keyword ${found} is not implemented. Leave it out, or try it on a GitLab.`;
  }
  return undefined;
}

function findIn(kind: string, place: string, value: unknown): string | undefined {
  for (const item of [value].flat(3)) {
    if (!isConfig(item)) continue;
    for (const [key, inner] of Object.entries(item)) {
      if (inner != null && known[kind]?.includes(key) === false) return `${place}:${key}`;
      const below = kind === "default" ? `job:${key}` : `${kind}:${key}`;
      const found = below in known ? findIn(below, `${place}:${key}`, inner) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
