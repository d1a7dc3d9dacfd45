import { join } from "node:path";
import type { CiVariable } from "../sandbox/run-pipeline/ci-variables.ts";
import { runJobs } from "../sandbox/run-pipeline/jobs.ts";
import { gitEnvironment } from "../sandbox/run-pipeline/source.ts";
import { type AptActivity, readAptActivity } from "./apt-activity.ts";
import type { PipelineScene } from "./pipeline-scene.ts";
import { time } from "./print.ts";

/** One of the pipelines that are compared. */
export interface Contestant {
  readonly name: string;
  /** Runs all jobs once, on a clone made before; fails when nothing was published. */
  run(): Promise<PipelineRun>;
}

export interface PipelineRun {
  /** From the first job's start to the last one's end. */
  readonly seconds: number;
  readonly apt: AptActivity;
}

const shownLines = 40;

/**
 * Runs the jobs of `clone` in a folder, whose other content are the caches of runs before.
 * @throws Error with the last lines of the jobs' logs when one fails.
 */
export async function measureJobs(
  { docker, gitlab, helperImage }: PipelineScene,
  folder: string,
  variables: readonly CiVariable[],
): Promise<PipelineRun> {
  const lines: string[] = [];
  const args = {
    docker,
    clone: join(folder, "clone"),
    state: "../state",
    secrets: join(folder, "secrets"),
    variables,
    git: gitEnvironment(gitlab.token),
    helperImage,
    report: (line: string) => lines.push(line),
  };
  try {
    const seconds = await time(() => runJobs(args));
    return { seconds, apt: readAptActivity(lines) };
  } catch (cause) {
    throw new Error(lines.slice(-shownLines).join("\n"), { cause });
  }
}
