import * as gitlab from "@pulumi/gitlab";
import {
  type Input,
  type InvokeOptions,
  log,
  type Output,
  output,
  type Resource,
  RunError,
  runtime,
} from "@pulumi/pulumi";
import type { Pipeline } from "../pipeline/model.ts";
import { templateBranch, templateFile } from "../pipeline/names.ts";
import { type PipelineShape, selectShapes } from "../pipeline/shapes.ts";
import type { Template } from "../pipeline/template.ts";

export interface PipelineLintArgs {
  /** Full path of the template project. */
  readonly project: string;
  readonly template: Template;
  /** By their projects' full paths. */
  readonly pipelines: Readonly<Record<string, Pipeline>>;
  /** Known once the pipelines' projects are there; a preview does not wait for it. */
  readonly projectsMade?: Input<unknown> | undefined;
}

type Lint = (request: LintRequest, options: InvokeOptions) => Promise<Verdict>;

interface LintRequest {
  readonly project: string;
  readonly file: string;
  readonly branch: string;
  readonly tag: string;
  readonly content: string;
  readonly refs: readonly string[];
  readonly pipelines: readonly PipelineShape[];
}

interface Verdict {
  readonly unlinted: string;
}

/** The official package has everything else that components use. */
const { lintPipelines: lint } = gitlab as unknown as { readonly lintPipelines?: Lint };

/**
 * Lets GitLab lint each distinct shape of pipeline with a shell that is about to be committed. The plugin
 * then refuses the file; where nothing could be linted, a warning says so.
 */
export function lintPipelines(args: PipelineLintArgs, parent: Resource): Output<void> {
  const made = output(runtime.isDryRun() ? [] : [args.projectsMade]);
  return made.apply(async () => {
    const { project } = args;
    const unlinted = lint
      ? (await lint(toRequest(args), { parent }).catch(endWithoutTrace)).unlinted
      : "this plugin has no function for it";
    if (unlinted !== "") await log.warn(`${project} is not linted: ${unlinted}.`, parent);
  });
}

/** RunError is Pulumi's way to end a program without a stack trace. */
function endWithoutTrace(error: unknown): never {
  throw new RunError(error instanceof Error ? error.message : String(error));
}

function toRequest({ project, template, pipelines }: PipelineLintArgs): LintRequest {
  const own = [templateBranch, template.tag];
  const refs = Object.values(pipelines).flatMap(({ template: included }) =>
    included && !own.includes(included.ref) ? [included.ref] : [],
  );
  return {
    project,
    file: templateFile,
    branch: templateBranch,
    tag: template.tag,
    content: template.content,
    refs: [...new Set(refs)],
    pipelines: selectShapes(pipelines),
  };
}
