import { type Config, isConfig, isStringList } from "./config.ts";

type Jobs = [string, Config][];

/** The place of a job among those that `parallel` made of one; it replaces the keyword's value. */
export interface Node {
  /** From 1. */
  index: number;
  total: number;
}

/** The most jobs that one may become. */
const limit = 200;

/** Checks `parallel` of a job; gives GitLab's sentences. */
export function checkParallel(name: string, { parallel }: Config): string[] {
  const place = `jobs:${name}:parallel`;
  if (parallel == null) return [];
  if (typeof parallel === "number") return checkCount(place, parallel);
  if (!isConfig(parallel)) return [`${place} should be an integer or a hash`];
  if (!isMatrix(parallel.matrix)) return [`${place}:matrix config should be an array of hashes`];
  const isTooLarge = expandMatrix(parallel.matrix).length > limit;
  return isTooLarge ? [`${place}:matrix config generates too many jobs (maximum is ${limit})`] : [];
}

function checkCount(place: string, count: number): string[] {
  if (!Number.isInteger(count)) return [`${place} config must be an integer`];
  if (count < 1) return [`${place} config must be greater than or equal to 1`];
  return count > limit ? [`${place} config must be less than or equal to ${limit}`] : [];
}

/**
 * Makes the jobs that `parallel` asks for, and lets others need all of them by the one name.
 *
 * @param jobs sound jobs by name.
 * @see https://docs.gitlab.com/ci/yaml/#parallel
 */
export function expandParallel(jobs: Jobs): Jobs {
  const made = new Map(
    jobs.flatMap(([name, job]): [string, Jobs][] =>
      job.parallel == null ? [] : [[name, multiply(name, job, job.parallel)]],
    ),
  );
  return jobs
    .flatMap(([name, job]): Jobs => made.get(name) ?? [[name, job]])
    .map(([name, job]) => [name, followNames(job, made)]);
}

function multiply(name: string, job: Config, parallel: unknown): Jobs {
  if (!isConfig(parallel)) {
    const total = Number(parallel);
    return Array.from({ length: total }, (_, at) => [
      `${name} ${at + 1}/${total}`,
      { ...job, parallel: { index: at + 1, total } satisfies Node },
    ]);
  }
  const rows = expandMatrix(isMatrix(parallel.matrix) ? parallel.matrix : []);
  const own = isConfig(job.variables) ? job.variables : {};
  return rows.map((variables, at) => [
    `${name}: [${Object.values(variables).join(", ")}]`,
    {
      ...job,
      variables: { ...own, ...variables },
      parallel: { index: at + 1, total: rows.length } satisfies Node,
    },
  ]);
}

/** Every combination of the values, mapping by mapping, the first variable changing last. */
function expandMatrix(matrix: readonly Config[]): Record<string, string>[] {
  return matrix.flatMap((entry) =>
    Object.entries(entry).reduce<Record<string, string>[]>(
      (rows, [key, values]) =>
        rows.flatMap((row) => [values].flat().map((value) => ({ ...row, [key]: String(value) }))),
      [{}],
    ),
  );
}

function isMatrix(value: unknown): value is Config[] {
  return Array.isArray(value) && value.every(isConfig);
}

/** Puts the jobs that were made in the place of the one that `needs` and `dependencies` name. */
function followNames(job: Config, made: ReadonlyMap<string, Jobs>): Config {
  const { rules, dependencies } = job;
  const namesOf = (name: string) => made.get(name)?.map(([one]) => one) ?? [name];
  return {
    ...followNeeds(job, made),
    ...(Array.isArray(rules) && {
      rules: rules.flat(3).map((rule) => (isConfig(rule) ? followNeeds(rule, made) : rule)),
    }),
    ...(isStringList(dependencies) && { dependencies: dependencies.flatMap(namesOf) }),
  };
}

/** A job, or one of its rules, that needs the jobs that were made. */
function followNeeds(holder: Config, made: ReadonlyMap<string, Jobs>): Config {
  if (holder.needs == null) return holder;
  return { ...holder, needs: [holder.needs].flat().flatMap((need) => followNeed(need, made)) };
}

function followNeed(need: unknown, made: ReadonlyMap<string, Jobs>): unknown[] {
  const { parallel, ...rest } = isConfig(need) ? need : { job: need };
  const all = typeof rest.job === "string" ? made.get(rest.job) : undefined;
  if (all === undefined || typeof rest.job !== "string") return [need];
  const wanted = parallel == null ? all : multiply(rest.job, {}, parallel);
  return wanted.map(([job]) => ({ ...rest, job }));
}
