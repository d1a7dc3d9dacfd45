import { type Context, timestamp } from "../context.ts";
import type { Project, User } from "../entities.ts";
import { readLine } from "../git/command.ts";
import { type GitCommit, readCommit } from "../git/log.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { cancelRedundant } from "./auto-cancel.ts";
import { type Plan, planPipeline } from "./plan.ts";
import { pipelineVariables } from "./predefined.ts";
import { isProtectedRef } from "./ref.ts";
import type { Pipeline, PipelineSource, PipelineVariable } from "./rows.ts";
import { toSource, toSources } from "./sources.ts";
import { givenVariables, storedVariables } from "./stored-variables.ts";
import { fresh, settle } from "./transitions.ts";
import { layer } from "./variables.ts";

/** What a pipeline is to be made for. */
export interface WantedPipeline {
  project: Project;
  user: User;
  source: PipelineSource;
  /** Short name of a branch or tag. */
  ref: string;
  tag: boolean;
  sha: string;
  /** The commit that the branch had before a push; zeros where there was none. */
  before?: string;
  variables?: PipelineVariable[];
  /** The schedule that makes it. */
  schedule_id?: number;
  /** Whether a push asked for no jobs, which leaves a skipped pipeline. */
  skip?: boolean;
}

/** The pipeline, or why there is none. */
export type CreatedPipeline = { pipeline: Pipeline } | { refused: string };

const noCommit = "0".repeat(40);

/**
 * Makes a pipeline from the committed configuration. One with faults fails and tells them in
 * `yaml_errors`; without a configuration, or where its rules say so, there is none.
 *
 * @see https://docs.gitlab.com/ci/pipelines/
 */
export async function createPipeline(
  context: Context,
  wanted: WantedPipeline,
): Promise<CreatedPipeline> {
  const { project, user, sha } = wanted;
  const directory = repositoryDirectory(context.directory, project.id);
  const source = toSource(context, project, sha);
  const content = await source.read(project.settings.ci_config_path || ".gitlab-ci.yml");
  if (content === undefined) return { refused: "Missing CI config file" };
  const commit = await readCommit(directory, sha);
  const files = await source.list();
  const changed = await listChanged(directory, wanted);
  const draft = toDraft(context, wanted);
  if (wanted.skip || (wanted.source === "push" && skips(commit)))
    return { pipeline: context.store.pipelines.insert({ ...draft, status: "skipped" }) };
  // The number is given before the rules are asked, which may read it.
  const pipeline = context.store.pipelines.insert(draft);
  const plan = await planPipeline(content, toSources(context, user, source), {
    predefined: pipelineVariables(context.store, context.address(), pipeline, commit),
    above: (environment) => aboveVariables(context, project, pipeline, environment),
    changed,
    files,
  });
  if (plan.filtered !== undefined || (plan.fault !== undefined && wanted.source !== "push")) {
    context.store.pipelines.delete(pipeline);
    return { refused: plan.filtered ?? plan.fault ?? "" };
  }
  await start(context, pipeline, plan);
  return { pipeline };
}

async function start(context: Context, pipeline: Pipeline, plan: Plan): Promise<void> {
  const { store } = context;
  if (plan.fault !== undefined) {
    const now = timestamp(context);
    store.pipelines.update(pipeline, {
      status: "failed",
      yaml_errors: plan.fault,
      finished_at: now,
    });
    return;
  }
  for (const spec of plan.jobs)
    store.jobs.insert({
      ...fresh(context),
      pipeline_id: pipeline.id,
      project_id: pipeline.project_id,
      user_id: pipeline.user_id,
      spec,
      stage_index: plan.stages.indexOf(spec.stage),
      allow_failure: spec.allow_failure,
      variables: [],
    });
  await cancelRedundant(context, pipeline);
  await settle(context, pipeline);
}

function toDraft(context: Context, wanted: WantedPipeline) {
  const { project, user, source, ref, tag, sha, before = noCommit, variables = [] } = wanted;
  const { schedule_id } = wanted;
  const { pipelines } = context.store;
  const numbers = pipelines.filter((row) => row.project_id === project.id).map((row) => row.iid);
  const now = timestamp(context);
  return {
    iid: Math.max(0, ...numbers) + 1,
    project_id: project.id,
    user_id: user.id,
    source,
    ref,
    tag,
    sha,
    before_sha: before,
    status: "created" as const,
    yaml_errors: null,
    variables,
    ...(schedule_id !== undefined && { schedule_id }),
    created_at: now,
    updated_at: now,
    started_at: null,
    finished_at: null,
  };
}

/** The variables that includes may ask for where nothing but a lint is wanted, as of a push. */
export async function lintVariables(context: Context, wanted: WantedPipeline) {
  const { project, sha } = wanted;
  const commit = await readCommit(repositoryDirectory(context.directory, project.id), sha);
  const pipeline = { id: 0, ...toDraft(context, wanted) };
  return layer(
    pipelineVariables(context.store, context.address(), pipeline, commit),
    aboveVariables(context, project, pipeline, null),
  );
}

/** Variables above those of the configuration. */
export function aboveVariables(
  { store }: Context,
  project: Project,
  pipeline: Pipeline,
  environment: string | null,
) {
  const isProtected = isProtectedRef(store, project, pipeline);
  const stored = storedVariables(store, project, { isProtected, environment });
  const scheduled = store.scheduleVariables.filter(
    (row) => row.schedule_id === pipeline.schedule_id,
  );
  return layer(stored, givenVariables(pipeline.variables), givenVariables(scheduled));
}

/** https://docs.gitlab.com/ci/pipelines/#skip-a-pipeline */
function skips({ message }: GitCommit): boolean {
  return /\[(ci[ _-]skip|skip[ _-]ci)\]/i.test(message);
}

async function listChanged(
  directory: string,
  { source, before = noCommit, sha }: WantedPipeline,
): Promise<string[] | undefined> {
  if (source !== "push" || before === noCommit) return undefined;
  return (await readLine(directory, ["diff", "--name-only", "--no-renames", before, sha])).split(
    "\n",
  );
}
