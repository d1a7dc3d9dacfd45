/** Statuses of commits: the jobs of their pipelines. https://docs.gitlab.com/api/commits/#list-commit-statuses */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "../context.ts";
import { flag, integer, paging, parameters, pathText, readInput, text } from "../input.ts";
import { projectPath } from "../paths.ts";
import { findPipelineProject } from "../pipelines/find.ts";
import type { Job } from "../pipelines/rows.ts";
import { toUserBasic } from "../present.ts";
import { origin, pageOf } from "../reply.ts";
import { findReadable, requireCommit } from "../repository-access.ts";

const listInput = parameters({
  ...paging,
  ref: text.optional(),
  stage: text.optional(),
  name: text.optional(),
  all: flag.default(false),
  pipeline_id: integer.optional(),
  order_by: z.enum(["id", "pipeline_id"]).default("id"),
  sort: z.enum(["asc", "desc"]).default("asc"),
});

export function commitStatusRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get("/projects/:id/repository/commits/:sha/statuses", async (request, reply) => {
    const { order_by, sort, ...input } = readInput(request, listInput);
    const project = findPipelineProject(request, context);
    const { directory } = findReadable(request, context);
    const sha = await requireCommit(directory, pathText(request, "sha"));
    const rows = store.jobs
      .filter((job) => job.project_id === project.id && matches(job, sha, input))
      .sort((left, right) => left[order_by] - right[order_by] || left.id - right.id);
    const sorted = sort === "desc" ? rows.reverse() : rows;
    const path = projectPath(store, project);
    return pageOf(reply, sorted, input).map((job) => toStatus(request, path, job));
  });

  function matches(job: Job, sha: string, input: Partial<z.output<typeof listInput>>): boolean {
    const pipeline = store.pipelines.require(job.pipeline_id);
    return (
      pipeline.sha === sha &&
      (input.all === true || !job.retried) &&
      (input.ref === undefined || pipeline.ref === input.ref) &&
      (input.stage === undefined || job.spec.stage === input.stage) &&
      (input.name === undefined || job.spec.name === input.name) &&
      (input.pipeline_id === undefined || pipeline.id === input.pipeline_id)
    );
  }

  function toStatus(request: FastifyRequest, path: string, job: Job) {
    const { sha, ref } = store.pipelines.require(job.pipeline_id);
    return {
      id: job.id,
      sha,
      ref,
      status: job.status,
      name: job.spec.name,
      target_url: `${origin(request)}/${path}/-/jobs/${job.id}`,
      description: null,
      created_at: job.created_at,
      started_at: job.started_at,
      finished_at: job.finished_at,
      allow_failure: job.allow_failure,
      coverage: job.coverage ?? null,
      pipeline_id: job.pipeline_id,
      author: toUserBasic(request, store.users.require(job.user_id)),
    };
  }
}
