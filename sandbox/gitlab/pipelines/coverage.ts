import { readPattern } from "../lint/expression.ts";
import type { Job } from "./rows.ts";

/**
 * The percentage that a job's output tells: the last number in the last match of the last line that
 * matches; null where none does.
 *
 * @param pattern a regular expression between slashes.
 * @see https://docs.gitlab.com/ci/yaml/#coverage
 */
export function extractCoverage(trace: string, pattern: string): number | null {
  const wanted = readPattern(pattern);
  if (wanted === undefined) return null;
  const each = new RegExp(wanted.source, `${wanted.flags}g`);
  for (const line of trace.split("\n").reverse()) {
    const match = [...line.matchAll(each)].at(-1);
    const told = match && (match.length > 1 ? match.slice(1).findLast(Boolean) : match[0]);
    const [percentage] = /\d+(\.\d+)?/.exec(told ?? "") ?? [];
    if (percentage !== undefined) return Number(percentage);
  }
  return null;
}

/** The mean of its jobs' percentages, in the form in which pipelines tell it. */
export function combineCoverage(jobs: readonly Job[]): string | null {
  const told = jobs.flatMap(({ coverage }) => (coverage == null ? [] : [coverage]));
  if (told.length === 0) return null;
  return (told.reduce((sum, one) => sum + one, 0) / told.length).toFixed(2);
}
