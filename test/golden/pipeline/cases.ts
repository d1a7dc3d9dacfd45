import { join } from "node:path";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
} from "../../../pipeline/debian-package.ts";
import type { Job, Pipeline } from "../../../pipeline/model.ts";
import { renderPipeline, toInline } from "../../../pipeline/render.ts";
import { listCases } from "../case-names.ts";

/** One folder beside this file: `input.ts` and the `.gitlab-ci.yml` that must come of it. */
export interface Case {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly jobs: readonly Job[];
  /** Path of the agreed file. */
  readonly golden: string;
  /** The form that includes the template project. */
  readonly rendered: string;
  /** The self-contained form. */
  readonly inline: string;
  /** The same with all included, where a package has no jobs of its own. */
  readonly merged: string;
  /** The tag whose pipeline has every job. Default: none, the default branch's has. */
  readonly tag?: string | undefined;
}

/** What a pipeline is made from, or one that a whole configuration gave. */
type Input = ({ readonly args: DebianPackagePipelineArgs } | { readonly pipeline: Pipeline }) & {
  readonly tag?: string;
};

const template = { project: "infra/ci", ref: "main" };

export async function readCases(): Promise<Case[]> {
  return Promise.all(listCases(import.meta.dirname).map(readCase));
}

async function readCase(name: string): Promise<Case> {
  const input: Input = await import(`./${name}/input.ts`);
  const golden = join(import.meta.dirname, name, ".gitlab-ci.yml");
  const pipeline =
    "pipeline" in input ? input.pipeline : debianPackagePipeline({ template, ...input.args });
  return {
    name,
    pipeline,
    jobs: pipeline.jobs,
    golden,
    rendered: renderPipeline(pipeline),
    inline: renderPipeline(toInline(pipeline)),
    tag: input.tag,
    merged: renderPipeline({ ...toInline(pipeline), include: [] }),
  };
}
