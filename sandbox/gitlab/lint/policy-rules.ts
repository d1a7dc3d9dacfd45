import { type Config, isConfig, isStringList } from "./config.ts";
import { checkExpression, ExpressionInvalid, findPattern, readPattern } from "./expression.ts";

/**
 * Checks the patterns and conditions of a job: in `only`, `except`, `rules` and `coverage`; gives
 * GitLab's sentences.
 *
 * @see https://docs.gitlab.com/ci/yaml/deprecated_keywords/#only--except
 */
export function checkPolicies(name: string, job: Config): string[] {
  return [
    ...checkCoverage(name, job.coverage),
    ...checkConditions(`jobs:${name}`, job.rules),
    ...["only", "except"].flatMap((key) => checkPolicy(`jobs:${name}:${key}`, job[key])),
  ];
}

function checkCoverage(name: string, pattern: unknown): string[] {
  const isPattern =
    pattern == null || (typeof pattern === "string" && findPattern(pattern) !== undefined);
  return isPattern ? [] : [`jobs:${name}:coverage config must be a regular expression`];
}

/** Checks the conditions of `rules`; `place` is what has them, such as `workflow`. */
export function checkConditions(place: string, rules: unknown): string[] {
  const faulty = [rules]
    .flat(3)
    .some((rule) => isConfig(rule) && rule.if != null && !isCondition(String(rule.if)));
  return faulty ? [`${place}:rules:rule if invalid expression syntax`] : [];
}

function checkPolicy(place: string, policy: unknown): string[] {
  if (policy == null) return [];
  if (Array.isArray(policy)) return isRefList(policy) ? [] : [`${place} config ${refsMessage}`];
  if (!isConfig(policy)) return [`${place} has to be either an array of conditions or a hash`];
  const { refs, variables, changes } = policy;
  const faults: string[] = [];
  if (refs != null && !isRefList(refs)) faults.push(`${place} refs ${refsMessage}`);
  for (const [key, list] of Object.entries({ variables, changes }))
    if (list != null && !isStringList(list))
      faults.push(`${place} ${key} should be an array of strings`);
  if (isStringList(variables) && !variables.every(isCondition))
    faults.push(`${place} variables invalid expression syntax`);
  return faults;
}

const refsMessage = "should be an array of strings or regular expressions using re2 syntax";

function isRefList(value: unknown): boolean {
  return isStringList(value) && value.every((ref) => canBeRead(() => readPattern(ref)));
}

function isCondition(text: string): boolean {
  return canBeRead(() => checkExpression(text));
}

function canBeRead(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof ExpressionInvalid) return false;
    throw error;
  }
}
