import { type Config, isConfig, isStringList } from "./config.ts";
import { checkJob, isScript } from "./job-rules.ts";
import { checkConditions } from "./policy-rules.ts";
import { checkReports } from "./report-rules.ts";
import { globalKeywords } from "./schema.ts";

/** The jobs of a configuration, hidden ones left out, whatever their value is. */
export function visibleJobs(config: Config): [string, unknown][] {
  const keywords = globalKeywords();
  return Object.entries(config).filter(([name]) => !name.startsWith(".") && !keywords.has(name));
}

const starters = ["script", "run", "trigger"];

/** Checks the shape of a configuration; gives every fault in GitLab's sentences. */
export function checkStructure(config: Config): string[] {
  const jobs = visibleJobs(config);
  const started = jobs.filter((entry): entry is [string, Config] => isStarted(entry[1]));
  const unmatched = jobs
    .filter(([, job]) => !isStarted(job))
    .map(([name]) => `jobs ${name} config should implement the script:, run:, or trigger: keyword`);
  const none = started.length === 0 ? ["jobs config should contain at least one visible job"] : [];
  return [
    ...checkGlobals(config),
    ...unmatched,
    ...none,
    ...started.flatMap(([name, job]) => checkJob(name, job)),
  ];
}

function isStarted(job: unknown): boolean {
  return isConfig(job) && starters.some((keyword) => keyword in job);
}

function checkGlobals(config: Config): string[] {
  const faults: string[] = [];
  const { stages, variables, workflow, default: defaults } = config;
  if (stages !== undefined && !isStringList(stages)) {
    faults.push("stages config should be an array of strings");
  }
  if (variables != null && !isConfig(variables)) faults.push("variables config should be a hash");
  if (defaults != null && !isConfig(defaults)) faults.push("default config should be a hash");
  if (isConfig(workflow)) faults.push(...checkConditions("workflow", workflow.rules));
  if (isConfig(defaults)) faults.push(...checkReports("default", defaults));
  for (const keyword of ["before_script", "after_script"]) {
    if (config[keyword] != null && !isScript(config[keyword])) {
      faults.push(
        `${keyword} config should be a string or a nested array of strings up to 10 levels deep`,
      );
    }
  }
  return faults;
}
