import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import { moveRef } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import type { Pipeline } from "./rows.ts";
import { jobDirectory } from "./trace.ts";

/** Removes a pipeline with its jobs, their traces and artifacts. */
export async function removePipeline(context: Context, pipeline: Pipeline): Promise<void> {
  const { store, directory } = context;
  for (const job of store.jobs.filter((row) => row.pipeline_id === pipeline.id)) {
    await rm(jobDirectory(directory, job.id), { recursive: true, force: true });
    store.jobs.delete(job);
  }
  const repository = repositoryDirectory(directory, pipeline.project_id);
  await moveRef(repository, `refs/pipelines/${pipeline.id}`, pipeline.sha, undefined);
  store.pipelines.delete(pipeline);
}
