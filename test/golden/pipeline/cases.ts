import { join } from "node:path";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
  renderPipeline,
} from "../../../pipeline/debian-package.ts";
import type { Job } from "../../../pipeline/model.ts";
import { listCases } from "../case-names.ts";

/** One folder beside this file: `input.ts` and the `.gitlab-ci.yml` that must come of it. */
export interface Case {
  readonly name: string;
  /** Those that run: templates are left out. */
  readonly jobs: readonly Job[];
  /** Path of the agreed file. */
  readonly golden: string;
  readonly rendered: string;
}

export async function readCases(): Promise<Case[]> {
  return Promise.all(listCases(import.meta.dirname).map(readCase));
}

async function readCase(name: string): Promise<Case> {
  const { args }: { args: DebianPackagePipelineArgs } = await import(`./${name}/input.ts`);
  const golden = join(import.meta.dirname, name, ".gitlab-ci.yml");
  const pipeline = debianPackagePipeline(args);
  const jobs = pipeline.jobs.filter((job) => !job.name.startsWith("."));
  return { name, jobs, golden, rendered: renderPipeline(pipeline) };
}
