import { availableParallelism, loadavg } from "node:os";
import { SandboxError } from "../sandbox/services/sandbox-error.ts";
import { createOriginalPipeline } from "./original-pipeline.ts";
import type { Contestant, PipelineRun } from "./pipeline-run.ts";
import { withPipelineScene } from "./pipeline-scene.ts";
import { print } from "./print.ts";
import { describeRuns, medianSeconds } from "./run-summary.ts";
import { createTrunklinePipeline } from "./trunkline-pipeline.ts";

/** How often the unchanged package is built again. */
const repetitions = 3;

/**
 * The team's original pipeline of datahook and trunkline's, in turn on this machine. Says why where
 * Docker cannot run them.
 */
export async function benchPipelines(): Promise<void> {
  print(`pipelines of datahook on ${describeMachine()}`);
  try {
    await withPipelineScene(async (scene) => {
      const pair = [
        await createOriginalPipeline(scene),
        await createTrunklinePipeline(scene),
      ] as const;
      await compare("first run, no image pulled and nothing cached", pair, 1);
      await compare("unchanged package again", pair, repetitions);
    });
  } catch (error) {
    if (!(error instanceof SandboxError) || !needed.has(error.code)) throw error;
    print(`  skipped: ${error.message}`);
  }
  print();
}

/** What running pipelines needs and not every machine has. */
const needed: ReadonlySet<string> = new Set(["missing-command", "no-privilege"]);

async function compare(title: string, contestants: readonly Contestant[], times: number) {
  print(`  ${title}${times > 1 ? `, ${times} times in turn` : ""}`);
  const results = contestants.map((contestant) => ({ contestant, runs: [] as PipelineRun[] }));
  for (let turn = 0; turn < times; turn += 1) {
    for (const { contestant, runs } of results) runs.push(await contestant.run());
  }
  for (const { contestant, runs } of results) {
    print(`    ${contestant.name}: ${describeRuns(runs)}`);
  }
  const [original = Number.NaN, ours = Number.NaN] = results.map(({ runs }) => medianSeconds(runs));
  print(`    the original takes ${(original / ours).toFixed(1)} times as long`);
}

function describeMachine(): string {
  const [load = 0] = loadavg();
  return `${availableParallelism()} processors, load ${load.toFixed(1)}`;
}
