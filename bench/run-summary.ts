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
  const { runs: aptRuns = 0, installed = [] } = runs.at(-1)?.apt ?? {};
  const named = installed.length > 0 && installed.length <= namedPackages;
  const names = named ? `: ${installed.join(", ")}` : "";
  return [
    runs.length > 1 ? `${median} (${spread})` : median,
    `apt ran ${aptRuns} times and installed ${installed.length} packages${names}`,
  ].join("; ");
}
