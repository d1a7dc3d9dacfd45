import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import { moveRef } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { branchProtections, tagProtections } from "../push-access.ts";
import type { Store } from "../store.ts";
import type { Pipeline } from "./rows.ts";
import { isComplete } from "./statuses.ts";

/** Whether a branch or tag is protected: only then do protected variables and runners reach it. */
export function isProtectedRef(
  store: Store,
  project: Project,
  { ref, tag }: Pick<Pipeline, "ref" | "tag">,
): boolean {
  const protections = tag ? tagProtections : branchProtections;
  return protections(store, project, ref).length > 0;
}

/**
 * Keeps `refs/pipelines/<id>` in the repository while jobs of the pipeline can still run, so that a
 * runner can fetch its commit although the branch moved on or went.
 */
export async function keepPipelineRef(context: Context, pipeline: Pipeline): Promise<void> {
  const directory = repositoryDirectory(context.directory, pipeline.project_id);
  const ref = `refs/pipelines/${pipeline.id}`;
  if (isComplete(pipeline.status)) await dropPipelineRef(context, pipeline);
  else await moveRef(directory, ref, undefined, pipeline.sha);
}

/** Removes the ref of a pipeline; one that is gone stays so. */
async function dropPipelineRef(context: Context, pipeline: Pipeline): Promise<void> {
  const directory = repositoryDirectory(context.directory, pipeline.project_id);
  await moveRef(directory, `refs/pipelines/${pipeline.id}`, pipeline.sha, undefined);
}
