import type { PipelineRun } from "./pipeline-run.ts";

/** Beyond these, packages are counted instead of named. */
const namedPackages = 4;

/** The median of an odd number of runs. */
export function medianSeconds(runs: readonly PipelineRun[]): number {
  const sorted = runs.map(({ seconds }) => seconds).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The time of runs of one pipeline, and what apt did in the last of them. */
export function describeRuns(runs: readonly PipelineRun[]): string {
  const seconds = runs.map((run) => run.seconds);
  const spread = `${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)}`;
  const median = `${medianSeconds(runs).toFixed(1)} s`;
  const time = runs.length > 1 ? `${median} (${spread})` : median;

  const { runs: aptRuns = 0, installed = [], fetched = 0 } = runs.at(-1)?.apt ?? {};
  const megabytes = (fetched / 1e6).toFixed(1);
  const named = installed.length > 0 && installed.length <= namedPackages;
  const names = named ? `: ${installed.join(", ")}` : "";
  return `${time}; apt ran ${aptRuns} times, fetched ${megabytes} MB and installed ${installed.length} packages${names}`;
}
