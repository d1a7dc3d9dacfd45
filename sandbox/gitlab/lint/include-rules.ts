import { ConfigInvalid, isConfig } from "./config.ts";
import { checkConditions } from "./policy-rules.ts";

const known = ["if", "exists", "when", "changes"];
const whens = ["never", "always"];

/**
 * Checks `include: rules`.
 *
 * @throws ConfigInvalid with the first fault, in GitLab's words.
 * @see https://docs.gitlab.com/ci/yaml/#includerules
 */
export function checkIncludeRules(rules: unknown): void {
  if (rules == null) return;
  const fault = findFault(rules);
  if (fault !== undefined) throw new ConfigInvalid(fault);
}

function findFault(rules: unknown): string | undefined {
  if (!Array.isArray(rules)) return "include:rules config should be a array";
  if (rules.length === 0) return "include:rules config can't be blank";
  for (const rule of rules.flat(10)) {
    if (!isConfig(rule)) return "include:rules:rule config should be a hash";
    const unknown = Object.keys(rule).filter((key) => !known.includes(key));
    if (unknown.length > 0)
      return `include:rules:rule config contains unknown keys: ${unknown.join(", ")}`;
    if (rule.when != null && !whens.includes(String(rule.when)))
      return `include:rules:rule when unknown value: ${rule.when}`;
    if (isConfig(rule.exists) && ("project" in rule.exists || "ref" in rule.exists))
      return "sandbox: include:rules:exists:project is not followed. Leave it out, or try it on a GitLab.";
  }
  return checkConditions("include", rules)[0];
}
