import { type Config, isConfig, isStringList } from "./config.ts";
import { checkDelays } from "./delay-rules.ts";
import { needNames } from "./needs.ts";
import { checkParallel } from "./parallel.ts";
import { checkPolicies } from "./policy-rules.ts";
import { checkReports } from "./report-rules.ts";
import { jobKeywords } from "./schema.ts";

/** A rule for one keyword of a job: `<place> <message>` is said when `accepts` is false. */
interface KeywordRule {
  keyword: string;
  /** How GitLab names the place: the entry `jobs:x:tags config` or the attribute `jobs:x when`. */
  place: "entry" | "attribute";
  message: string;
  accepts(value: unknown): boolean;
}

const scriptMessage = "should be a string or a nested array of strings up to 10 levels deep";
const whens = ["on_success", "on_failure", "always", "manual", "delayed"];

/** Texts: the entries below lib/gitlab/ci/config/entry of GitLab. */
const keywordRules: KeywordRule[] = [
  ...["script", "before_script", "after_script"].map(
    (keyword): KeywordRule => ({
      keyword,
      place: "entry",
      message: scriptMessage,
      accepts: (value) => isScript(value),
    }),
  ),
  {
    keyword: "script",
    place: "attribute",
    message: "can't be blank",
    accepts: (value) => [value].flat().join("") !== "",
  },
  {
    keyword: "stage",
    place: "entry",
    message: "should be a string",
    accepts: (value) => typeof value === "string",
  },
  {
    keyword: "tags",
    place: "entry",
    message: "should be an array of strings",
    accepts: isStringList,
  },
  {
    keyword: "image",
    place: "entry",
    message: "should be a hash or a string",
    accepts: (value) => typeof value === "string" || isConfig(value),
  },
  {
    keyword: "needs",
    place: "entry",
    message: "can only be a hash or an array",
    accepts: (value) => Array.isArray(value) || isConfig(value),
  },
  {
    keyword: "variables",
    place: "entry",
    message: "should be a hash",
    accepts: isConfig,
  },
  {
    keyword: "when",
    place: "attribute",
    message: `should be one of: ${whens.join(", ")}`,
    accepts: (value) => typeof value === "string" && whens.includes(value),
  },
  {
    keyword: "dependencies",
    place: "attribute",
    message: "should be an array of strings",
    accepts: isStringList,
  },
  {
    keyword: "allow_failure",
    place: "attribute",
    message: "should be a hash or a boolean value",
    accepts: (value) => typeof value === "boolean" || isConfig(value),
  },
];

/** Whether a value is a string, or a list of strings nested at most ten levels deep. */
export function isScript(value: unknown, levels = 10): boolean {
  if (typeof value === "string") return true;
  return Array.isArray(value) && levels > 0 && value.every((item) => isScript(item, levels - 1));
}

/** Checks a job by itself; gives GitLab's sentences. */
export function checkJob(name: string, job: Config): string[] {
  const unknown = Object.keys(job).filter((key) => !jobKeywords().has(key));
  const faults =
    unknown.length === 0
      ? []
      : [`jobs:${name} config contains unknown keys: ${unknown.join(", ")}`];
  return [
    ...faults,
    ...checkKeywords(name, job),
    ...checkTogether(name, job),
    ...checkDelays(name, job),
    ...checkParallel(name, job),
    ...checkPolicies(name, job),
    ...checkReports(`jobs:${name}`, job),
  ];
}

function checkKeywords(name: string, job: Config): string[] {
  return keywordRules
    .filter(({ keyword, accepts }) => job[keyword] != null && !accepts(job[keyword]))
    .map(({ keyword, place, message }) =>
      place === "entry"
        ? `jobs:${name}:${keyword} config ${message}`
        : `jobs:${name} ${keyword} ${message}`,
    );
}

/** Keywords that exclude or require one another. */
function checkTogether(name: string, job: Config): string[] {
  const faults: string[] = [];
  const excluded = ["only", "except", "start_in"].filter((key) => job[key] != null);
  if (job.rules != null && excluded.length > 0) {
    faults.push(`jobs:${name} config key may not be used with \`rules\`: ${excluded.join(", ")}`);
  }
  if (job.needs != null && isStringList(job.dependencies)) {
    const needed = needNames(job);
    const missing = job.dependencies.filter((dependency) => !needed.includes(dependency));
    if (missing.length > 0) {
      faults.push(`jobs:${name} dependencies the ${missing.join(", ")} should be part of needs`);
    }
  }
  return faults;
}
