import { type Config, isConfig } from "../lint/config.ts";
import { findPattern, holds } from "../lint/expression.ts";
import { toLines } from "../lint/job-rows.ts";
import { matchesPaths, type RuleFacts } from "./rules.ts";
import { type JobVariable, readerOf } from "./variables.ts";

/** What `only` and `except` ask about a pipeline. */
export interface PolicyFacts extends RuleFacts {
  /** Predefined variables, which no variable of the file has replaced. */
  predefined: readonly JobVariable[];
}

/** Words for what made a pipeline, by `CI_PIPELINE_SOURCE`. */
const sources: Record<string, readonly string[]> = {
  api: ["api"],
  push: ["push", "pushes"],
  schedule: ["schedule", "schedules"],
  trigger: ["trigger", "triggers"],
  web: ["web"],
};

/**
 * Whether `only` and `except` let a job into a pipeline: everything that `only` names must hold, and
 * nothing that `except` names. A job without `only` is for branches and tags.
 *
 * @see https://docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except
 */
export function isAdmitted(job: Config, facts: PolicyFacts): boolean {
  if (job.rules != null) return true;
  const only = checkPolicy({ refs: ["branches", "tags"], ...toPolicy(job.only) }, facts);
  const except = checkPolicy(toPolicy(job.except), facts);
  return only.every(Boolean) && !except.some(Boolean);
}

function toPolicy(given: unknown): Config {
  return isConfig(given) ? given : { ...(given != null && { refs: given }) };
}

/** Whether each thing that a policy names holds. */
function checkPolicy({ refs, variables, changes }: Config, facts: PolicyFacts): boolean[] {
  const read = readerOf(facts.variables);
  return [
    ...(refs == null ? [] : [toLines(refs).some((ref) => namesPipeline(ref, facts))]),
    ...(variables == null ? [] : [toLines(variables).some((text) => holds(text, read))]),
    ...(changes == null ? [] : [matchesPaths(changes, facts.changed, facts.variables)]),
  ];
}

/** A word for branches, tags or a source, a name, or a `/pattern/`; `@group/project` narrows it. */
function namesPipeline(given: string, { predefined }: PolicyFacts): boolean {
  const read = readerOf(predefined);
  const [word = "", project] = given.split(/@(.*)/s);
  if (project !== undefined && project !== read("CI_PROJECT_PATH")) return false;
  const [tag, branch] = [read("CI_COMMIT_TAG"), read("CI_COMMIT_BRANCH")];
  if (word === "tags" && tag !== undefined) return true;
  if (word === "branches" && branch !== undefined) return true;
  if (sources[read("CI_PIPELINE_SOURCE") ?? ""]?.includes(word)) return true;
  const ref = tag ?? branch ?? "";
  return findPattern(word)?.test(ref) ?? word === ref;
}
