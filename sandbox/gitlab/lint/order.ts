import { type Config, isStringList } from "./config.ts";
import { listNeeds, needNames } from "./needs.ts";

type Jobs = [string, Config][];

/** The stages of a configuration, with the two that always exist. */
export function listStages(config: Config): string[] {
  const named = isStringList(config.stages) ? config.stages : ["build", "test", "deploy"];
  const between = named.filter((stage) => stage !== ".pre" && stage !== ".post");
  return [...new Set([".pre", ...between, ".post"])];
}

/** The stage of a job. */
export function stageOf(job: Config): string {
  return typeof job.stage === "string" ? job.stage : "test";
}

/**
 * Checks that jobs follow one another; gives the first fault alone, as GitLab does.
 *
 * @param jobs the visible jobs, each sound by itself.
 */
export function checkOrder(stages: readonly string[], jobs: Jobs): string[] {
  for (const [name, job] of jobs) {
    const fault = checkStage(stages, name, job) ?? checkUpstream(stages, jobs, name, job);
    if (fault !== undefined) return [fault];
  }
  const cycle = findCycle(jobs);
  return cycle === undefined ? [] : [`The pipeline has circular dependencies: ${cycle}`];
}

function checkStage(stages: readonly string[], name: string, job: Config): string | undefined {
  const stage = stageOf(job);
  if (stages.includes(stage)) return undefined;
  const available = stages.join(", ");
  return `${name} job: chosen stage ${stage} does not exist; available stages are ${available}`;
}

function checkUpstream(
  stages: readonly string[],
  jobs: Jobs,
  name: string,
  job: Config,
): string | undefined {
  const dependencies = isStringList(job.dependencies) ? job.dependencies : [];
  const needs = listNeeds(job);
  const upstream = [
    ...dependencies.map((other) => ({ kind: "dependency", other, optional: false })),
    ...needs.map(({ name: other, optional }) => ({ kind: "need", other, optional })),
  ];
  const byName = new Map(jobs);
  for (const { kind, other, optional } of upstream) {
    const found = byName.get(other);
    if (found === undefined && !optional) return `${name} job: undefined ${kind}: ${other}`;
    if (found !== undefined && stages.indexOf(stageOf(found)) > stages.indexOf(stageOf(job))) {
      return `${name} job: ${kind} ${other} is not defined in current or prior stages`;
    }
  }
  const names = needs.map((need) => need.name);
  const twice = [...new Set(names.filter((other, at) => names.indexOf(other) !== at))];
  if (twice.length === 0) return undefined;
  return `${name} has the following needs duplicated: ${twice.join(", ")}.`;
}

/** Jobs that need each other in a circle, in the words of GitLab's check. */
function findCycle(jobs: Jobs): string | undefined {
  const byName = new Map(jobs);
  const done = new Set<string>();
  for (const [name] of jobs) {
    const circle = walk(name, []);
    if (circle?.length === 1) return `self-dependency: ${circle[0]}`;
    if (circle !== undefined) return `topological sort failed: ${JSON.stringify(circle)}`;
  }
  return undefined;

  function walk(name: string, path: readonly string[]): string[] | undefined {
    if (path.includes(name)) return path.slice(path.indexOf(name));
    const job = byName.get(name);
    if (job === undefined || done.has(name)) return undefined;
    for (const other of needNames(job)) {
      const circle = walk(other, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  }
}
