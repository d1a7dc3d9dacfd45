import { type Config, isConfig } from "../lint/config.ts";
import { holds } from "../lint/expression.ts";
import { toLines } from "../lint/job-rows.ts";
import { listNeeds } from "../lint/needs.ts";
import { matchesGlob } from "./glob.ts";
import { type JobSpec, readDelay, type When } from "./job-spec.ts";
import { expand, type JobVariable, layer, readerOf } from "./variables.ts";
import { readVariables } from "./yaml-variables.ts";

/** What rules ask about a commit. */
export interface RuleFacts {
  variables: readonly JobVariable[];
  /** Paths that the push changed; undefined where `changes` always holds: API, new branches, tags. */
  changed: readonly string[] | undefined;
  /** Every path of the commit. */
  files: readonly string[];
}

/** The first rule whose conditions all hold. */
export function findRule(rules: readonly Config[], facts: RuleFacts): Config | undefined {
  return rules.find((rule) => applies(rule, facts));
}

function applies(rule: Config, { variables, changed, files }: RuleFacts): boolean {
  if (rule.if != null && !holds(String(rule.if), readerOf(variables))) return false;
  if (rule.changes != null && !matchesPaths(toPaths(rule.changes), changed, variables))
    return false;
  return rule.exists == null || matchesPaths(toPaths(rule.exists), files, variables);
}

function toPaths(given: unknown): unknown {
  return isConfig(given) ? given.paths : given;
}

/** Whether any of the patterns names any of the paths; true where nobody knows the paths. */
export function matchesPaths(
  patterns: unknown,
  paths: readonly string[] | undefined,
  variables: readonly JobVariable[],
): boolean {
  if (paths === undefined) return true;
  return toLines(patterns).some((pattern) =>
    paths.some((path) => matchesGlob(expand(pattern, variables), path)),
  );
}

/** Whether `workflow: rules` lets a pipeline be, and the variables that its rule adds. */
export function decideWorkflow(
  workflow: unknown,
  facts: RuleFacts,
): { runs: boolean; variables: JobVariable[] } {
  if (!isConfig(workflow) || !Array.isArray(workflow.rules)) return { runs: true, variables: [] };
  const rule = findRule(workflow.rules.flat(3).filter(isConfig), facts);
  const runs = rule !== undefined && rule.when !== "never";
  return { runs, variables: readVariables(rule?.variables) };
}

/**
 * The job as its rules leave it; undefined when they keep it out of the pipeline.
 *
 * @see https://docs.gitlab.com/ci/yaml/#rules
 */
export function decideJob(spec: JobSpec, facts: RuleFacts): JobSpec | undefined {
  if (spec.rules === null) return spec.when === "never" ? undefined : spec;
  const rule = findRule(spec.rules, facts);
  const when = (rule?.when ?? spec.when) as When;
  if (rule === undefined || when === "never") return undefined;
  const allow = rule.allow_failure;
  return {
    ...spec,
    rules: null,
    when,
    ...readDelay(rule),
    allow_failure: typeof allow === "boolean" ? allow : spec.allow_failure,
    variables: layer(spec.variables, readVariables(rule.variables)),
    ...(rule.needs != null && { needs: listNeeds(rule) }),
    ...(typeof rule.interruptible === "boolean" && { interruptible: rule.interruptible }),
  };
}
