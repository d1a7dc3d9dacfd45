import { rm } from "node:fs/promises";
import type { Context } from "../context.ts";
import type { Pipeline } from "./rows.ts";
import { jobDirectory } from "./trace.ts";

/** Removes a pipeline with its jobs, their traces and artifacts; its ref stays in the repository. */
export async function removePipeline(
  { store, directory }: Context,
  pipeline: Pipeline,
): Promise<void> {
  for (const job of store.jobs.filter((row) => row.pipeline_id === pipeline.id)) {
    await rm(jobDirectory(directory, job.id), { recursive: true, force: true });
    store.jobs.delete(job);
  }
  store.pipelines.delete(pipeline);
}
