import { type Config, ConfigInvalid, isConfig } from "./config.ts";
import { resolveExtends } from "./extends.ts";
import { type IncludedFile, resolveIncludes } from "./includes.ts";
import { hasWorkflowRules, type JobRow, toJobRows } from "./job-rows.ts";
import { flattenLists } from "./nested-lists.ts";
import { checkOrder, listStages } from "./order.ts";
import { expandParallel } from "./parallel.ts";
import { resolveReferences } from "./references.ts";
import { checkSchema } from "./schema.ts";
import type { IncludeFacts } from "./sources.ts";
import { checkStructure, visibleJobs } from "./structure.ts";
import { parseYaml, renderYaml } from "./yaml.ts";

/** What linting a configuration finds out. */
export interface LintResult {
  errors: string[];
  warnings: string[];
  /** The configuration with includes and `extends` worked in; null when it cannot be read. */
  config: Config | null;
  /** {@link config} as text, with lists in lists as they were written. */
  mergedYaml: string | null;
  /** The jobs in the order of their stages; none when there are errors. */
  jobs: JobRow[];
  /** Sound visible jobs by name, after `parallel` made several of one. */
  made: [string, Config][];
  /** The files taken in; null when the configuration cannot be read. */
  includes: IncludedFile[] | null;
}

/**
 * Lints a configuration as GitLab does, in its order: syntax, includes, `extends` and references, the
 * shape of every job, then how jobs follow one another.
 *
 * @param content the text of `.gitlab-ci.yml`.
 * @param facts where its includes come from.
 * @see https://docs.gitlab.com/api/lint/
 */
export async function lintConfig(content: string, facts: IncludeFacts): Promise<LintResult> {
  if (content.trim() === "") return unreadable("Please provide content of .gitlab-ci.yml");
  try {
    const { config, files } = await resolveIncludes(parseYaml(content), facts);
    return lintMerged(resolveReferences(resolveExtends(config)), files);
  } catch (error) {
    if (error instanceof ConfigInvalid) return unreadable(error.message);
    throw error;
  }
}

function unreadable(error: string): LintResult {
  const nothing = {
    warnings: [],
    config: null,
    mergedYaml: null,
    jobs: [],
    made: [],
    includes: null,
  };
  return { errors: [error], ...nothing };
}

function lintMerged(written: Config, includes: IncludedFile[]): LintResult {
  const config = flattenLists(written);
  const shape = checkStructure(config);
  const jobs = visibleJobs(config).filter((entry): entry is [string, Config] => isConfig(entry[1]));
  const stages = listStages(config);
  const merged = config.stages === undefined ? written : { ...written, stages };
  // An include of which nothing was taken in is still there, with the wildcards the schema refuses.
  const unsound = shape.length > 0 ? shape : checkSchema({ ...config, include: undefined });
  const made = unsound.length > 0 ? [] : expandParallel(jobs);
  const errors = unsound.length > 0 ? unsound : checkOrder(stages, made);
  return {
    errors,
    warnings: listWarnings(config, jobs),
    config,
    mergedYaml: renderYaml(merged),
    jobs: errors.length === 0 ? toJobRows(config, stages, made) : [],
    made,
    includes,
  };
}

function listWarnings(config: Config, jobs: readonly [string, Config][]): string[] {
  if (hasWorkflowRules(config)) return [];
  return jobs
    .filter(([, job]) => endsInBareWhen(job.rules))
    .map(
      ([name]) =>
        `jobs:${name} may allow multiple pipelines to run for a single action due to ` +
        "`rules:when` clause with no `workflow:rules` - read more: " +
        "https://docs.gitlab.com/ci/debugging/#pipeline-warnings",
    );
}

function endsInBareWhen(rules: unknown): boolean {
  const last: unknown = Array.isArray(rules) ? rules.at(-1) : undefined;
  return isConfig(last) && Object.keys(last).join() === "when" && last.when !== "never";
}
