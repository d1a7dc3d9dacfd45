import { type Job, type Pipeline, Reference } from "./model.ts";

/** A job that another one's keys were merged into, and whose references were followed. */
export interface ResolvedJob extends Job {
  readonly script?: readonly string[];
  readonly artifacts?: Exclude<Job["artifacts"], Reference>;
}

/** The jobs as GitLab runs them: with the keys of the hidden jobs that they extend. */
export function resolveJobs({ jobs, hidden }: Pick<Pipeline, "jobs" | "hidden">): ResolvedJob[] {
  return jobs.map((job) => {
    const template = hidden.find(({ name }) => name === job.extends);
    const variables = { ...template?.variables, ...job.variables };
    const { script, artifacts, ...rest } = { ...template, ...job, variables };
    return { ...rest, script: follow(script, jobs), artifacts: follow(artifacts, jobs) };
  });
}

/** What a part of a job is: itself, or the part of another job that it refers to. */
function follow<Part extends object>(
  part: Part | Reference | undefined,
  jobs: readonly Job[],
): Part | undefined {
  if (!(part instanceof Reference)) return part;
  const [name, key] = part.path;
  const target = jobs.find((job) => job.name === name)?.[key as keyof Job];
  return target as Part | undefined;
}
