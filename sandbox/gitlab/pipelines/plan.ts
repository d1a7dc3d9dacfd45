import { type Config, isConfig } from "../lint/config.ts";
import { lintConfig } from "../lint/lint.ts";
import { listStages } from "../lint/order.ts";
import type { Sources } from "../lint/sources.ts";
import { visibleJobs } from "../lint/structure.ts";
import { type JobSpec, toJobSpec } from "./job-spec.ts";
import { findUnfollowed } from "./known-keywords.ts";
import { isAdmitted } from "./policies.ts";
import { specVariables } from "./predefined.ts";
import { decideJob, decideWorkflow, type RuleFacts } from "./rules.ts";
import { withRules } from "./sources.ts";
import { expand, type JobVariable, layer } from "./variables.ts";
import { readVariables } from "./yaml-variables.ts";

/** What a configuration makes of one commit. */
export interface Plan {
  /** What is wrong with the configuration; there are no jobs then. */
  fault?: string;
  /** Why there is to be no pipeline at all. */
  filtered?: string;
  jobs: JobSpec[];
  stages: string[];
}

/** What a plan is made for. */
export interface PlanFacts extends Omit<RuleFacts, "variables"> {
  /** Predefined variables of pipeline, project and commit. */
  predefined: readonly JobVariable[];
  /** Variables above those of the file: of groups, project and pipeline, for an environment. */
  above(environment: string | null): readonly JobVariable[];
}

/**
 * Decides which jobs a pipeline has.
 *
 * @param content the text of the configuration.
 * @param sources where its includes come from.
 */
export async function planPipeline(
  content: string,
  sources: Sources,
  facts: PlanFacts,
): Promise<Plan> {
  const variables = layer(facts.predefined, facts.above(null));
  const { errors, config, made } = await lintConfig(
    content,
    withRules(sources, { variables, changed: facts.changed }),
  );
  if (errors[0] !== undefined || config === null)
    return refused(errors[0] ?? "Invalid configuration");
  const jobs = visibleJobs(config).filter((entry): entry is [string, Config] => isConfig(entry[1]));
  const unfollowed = findUnfollowed(config, jobs);
  if (unfollowed !== undefined) return refused(unfollowed);
  return decide(config, made, facts);
}

function refused(fault: string): Plan {
  return { fault, jobs: [], stages: [] };
}

function decide(config: Config, jobs: readonly [string, Config][], facts: PlanFacts): Plan {
  const { predefined, above, ...paths } = facts;
  const top = readVariables(config.variables);
  const variables = layer(predefined, top, above(null));
  const workflow = decideWorkflow(config.workflow, { ...paths, variables });
  if (!workflow.runs)
    return { filtered: "Pipeline filtered out by workflow rules.", jobs: [], stages: [] };
  const stages = listStages(config);
  const chosen = jobs.flatMap(([name, job]) => {
    const spec = withAdded(toJobSpec(config, name, job), workflow.variables);
    const own = layer(predefined, specVariables(spec), spec.variables, above(environmentOf(spec)));
    if (!isAdmitted(job, { ...paths, variables: own, predefined })) return [];
    const decided = decideJob(spec, { ...paths, variables: own });
    return decided === undefined ? [] : [expandSpec(decided, own)];
  });
  const sorted = stages.flatMap((stage) => chosen.filter((spec) => spec.stage === stage));
  if (sorted.every((spec) => spec.stage === ".pre" || spec.stage === ".post")) {
    const filtered =
      "Pipeline will not run for the selected trigger. " +
      "The rules configuration prevented any jobs from being added to the pipeline.";
    return { filtered, jobs: [], stages };
  }
  const missing = findMissingNeed(sorted);
  return missing === undefined ? { jobs: sorted, stages } : refused(missing);

  function environmentOf({ environment }: JobSpec): string | null {
    return environment && expand(environment.name, variables);
  }
}

/** Variables of a workflow rule stand above those at the top of the file, below the job's own. */
function withAdded(spec: JobSpec, added: readonly JobVariable[]): JobSpec {
  const untouched = spec.variables.filter(({ key }) => !added.some((other) => other.key === key));
  return added.length === 0 ? spec : { ...spec, variables: layer(untouched, added) };
}

/** What the server itself must know the value of: tags, resource group and environment. */
function expandSpec(spec: JobSpec, variables: readonly JobVariable[]): JobSpec {
  const { resource_group, environment } = spec;
  return {
    ...spec,
    tags: spec.tags.map((tag) => expand(tag, variables)),
    resource_group: resource_group && expand(resource_group, variables),
    environment: environment && {
      ...environment,
      name: expand(environment.name, variables),
      url: environment.url && expand(environment.url, variables),
    },
  };
}

function findMissingNeed(specs: readonly JobSpec[]): string | undefined {
  const names = new Set(specs.map((spec) => spec.name));
  for (const { name, needs } of specs)
    for (const need of needs ?? [])
      if (!need.optional && !names.has(need.name))
        return (
          `'${name}' job needs '${need.name}' job, but '${need.name}' does not exist in the pipeline. ` +
          "This might be because of the only, except, or rules keywords. " +
          "To need a job that sometimes does not exist in the pipeline, use needs:optional."
        );
  return undefined;
}
