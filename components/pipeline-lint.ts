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
      ? (await lint(toRequest(args), { parent }).catch((error) => endLint(project, error))).unlinted
      : "this plugin has no function for it";
    if (unlinted !== "") await log.warn(`${project} is not linted: ${unlinted}.`, parent);
  });
}

/** The whole of what is said where the engine has ended its plugins, or itself: after an error that it has told. */
const closing =
  /^(grpc: the client connection is closing|resource monitor (is terminating|shut down.*))$/i;

/**
 * Ends the program with one sentence where the lint failed; lets it go on where the engine is ending,
 * which commits nothing any more.
 */
export function endLint(project: string, error: unknown): Verdict {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^invocation of \S+ returned an error: /, "");
  if (closing.test(reason)) return { unlinted: "" };
  // RunError is Pulumi's way to end a program without a stack trace, but not once its last line has run.
  throw Object.assign(new RunError(`The pipelines with ${project} were not linted: ${reason}`), {
    stack: "",
  });
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
