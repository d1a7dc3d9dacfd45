import * as gitlab from "@pulumi/gitlab";
import {
  type Input,
  type InvokeOptions,
  log,
  type Output,
  output,
  type Resource,
  ResourceError,
  runtime,
} from "@pulumi/pulumi";
import type { Pipeline } from "../pipeline/model.ts";
import { templateBranch, templateFile } from "../pipeline/names.ts";
import { selectShapes } from "../pipeline/shapes.ts";
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
  project: string;
  file: string;
  branch: string;
  tag: string;
  content: string;
  refs: string[];
  pipelines: { projects: string[]; content: string }[];
}

interface Verdict {
  readonly failures: readonly string[];
  readonly missingRefs: readonly string[];
  readonly unlinted: string;
}

/** The official package has everything else that components use. */
const { lintPipelines: lint } = gitlab as unknown as { readonly lintPipelines?: Lint };

/**
 * Lets GitLab lint each distinct shape of pipeline with a shell that is about to be committed, and says
 * so where it could not.
 * @throws ResourceError when GitLab refuses a pipeline, or has no such state of the template.
 */
export function lintPipelines(args: PipelineLintArgs, parent: Resource): Output<void> {
  const made = output(runtime.isDryRun() ? [] : [args.projectsMade]);
  return made.apply(async () => {
    const faults = await findFaults(args, parent);
    if (faults.length > 0) throw new ResourceError(faults.join("\n"), parent, true);
  });
}

async function findFaults(args: PipelineLintArgs, parent: Resource): Promise<readonly string[]> {
  const { project, template, pipelines } = args;
  if (!lint) {
    await log.warn(`${project} is not linted before it is committed: this plugin cannot.`, parent);
    return [];
  }
  const { failures, missingRefs, unlinted } = await lint(
    {
      project,
      file: templateFile,
      branch: templateBranch,
      tag: template.tag,
      content: template.content,
      refs: listPins(args),
      pipelines: selectShapes(pipelines).map(({ projects, content }) => ({
        projects: [...projects],
        content,
      })),
    },
    { parent },
  );
  if (unlinted !== "") await log.warn(`${project} is not linted: ${unlinted}`, parent);
  return [...missingRefs.map((ref) => explainPin(ref, args)), ...failures];
}

/** States of the template that others than this run must have made. */
function listPins({ template, pipelines }: PipelineLintArgs): string[] {
  const refs = Object.values(pipelines).map((pipeline) => pipeline.template?.ref);
  return [...new Set(refs)].filter(
    (ref) => ref !== undefined && ref !== templateBranch && ref !== template.tag,
  ) as string[];
}

function explainPin(ref: string, { project, pipelines }: PipelineLintArgs): string {
  const users = Object.keys(pipelines).filter((path) => pipelines[path]?.template?.ref === ref);
  return `ci.ref "${ref}" is no branch, tag or commit of ${project}, for ${users.join(", ")}. Give a tag of it, or leave ref out for the newest state.`;
}
