/** Pipelines. https://docs.gitlab.com/api/pipelines/ */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { findLiveProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import { findRef } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { filled, flag, paging, parameters, readInput, text } from "../input.ts";
import { createPipeline } from "../pipelines/create.ts";
import { findPipeline, findPipelineProject } from "../pipelines/find.ts";
import { maySetVariables } from "../pipelines/override.ts";
import { toJobs, toPipeline, toPipelineDetails } from "../pipelines/present.ts";
import { currentJobs } from "../pipelines/processing.ts";
import { jobStatuses } from "../pipelines/statuses.ts";
import { cancelPipeline, retryPipeline } from "../pipelines/transitions.ts";
import { canPush } from "../push-access.ts";
import { created, pageOf, refusal } from "../reply.ts";

const status = z.enum(jobStatuses);
const sources = z.enum(["push", "api", "web", "schedule", "trigger"]);

const listInput = parameters({
  ...paging,
  status: status.optional(),
  ref: text.optional(),
  sha: text.optional(),
  source: sources.optional(),
  yaml_errors: flag.optional(),
  username: text.optional(),
  order_by: z.enum(["id", "status", "ref", "updated_at", "user_id"]).default("id"),
  sort: z.enum(["asc", "desc"]).default("desc"),
});

const variable = z.strictObject({
  key: filled,
  value: text,
  variable_type: z.enum(["env_var", "file"]).default("env_var"),
  raw: flag.default(false),
});

const createInput = parameters({ ref: filled, variables: z.array(variable).default([]) });

const jobsInput = parameters({
  ...paging,
  scope: z.union([z.array(status), status.transform((one) => [one])]).default([]),
  include_retried: flag.default(false),
});

const path = "/projects/:id/pipelines";
const reading = { config: { anonymous: true } };
const none = parameters({});

export function pipelineRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get(path, reading, (request, reply) => {
    const { order_by, sort, ...input } = readInput(request, listInput);
    const project = findPipelineProject(request, context);
    const rows = store.pipelines.filter(
      (row) =>
        row.project_id === project.id &&
        (input.status === undefined || row.status === input.status) &&
        (input.ref === undefined || row.ref === input.ref) &&
        (input.sha === undefined || row.sha === input.sha) &&
        (input.source === undefined || row.source === input.source) &&
        (input.yaml_errors === undefined || (row.yaml_errors !== null) === input.yaml_errors) &&
        (input.username === undefined || store.users.get(row.user_id)?.username === input.username),
    );
    const key = (row: (typeof rows)[number]) => `${row[order_by]}`;
    rows.sort((left, right) => key(left).localeCompare(key(right), "en", { numeric: true }));
    const sorted = sort === "desc" ? rows.reverse() : rows;
    return pageOf(reply, sorted, input).map((row) => toPipeline(request, context, row));
  });

  api.post("/projects/:id/pipeline", async (request, reply) => {
    const { ref, variables } = readInput(request, createInput);
    const project = findLiveProject(request, context, role.developer);
    const user = userOf(request);
    const refuse = (text: string) => refusal.invalid({ base: [text] });
    if (variables.length > 0 && !maySetVariables(store, user, project))
      throw refuse("Insufficient permissions to set pipeline variables");
    const directory = repositoryDirectory(context.directory, project.id);
    const name = ref.replace(/^refs\/(heads|tags)\//, "");
    const branch = await findRef(directory, "heads", name);
    const sha = branch ?? (await findRef(directory, "tags", name));
    if (sha === undefined) throw refuse("Reference not found");
    if (branch !== undefined && !canPush(store, user, project, name))
      throw refuse(
        `You do not have sufficient permission to run a pipeline on '${name}'. ` +
          "Please select a different branch or contact your administrator for assistance.",
      );
    const tag = branch === undefined;
    const wanted = { project, user, source: "api" as const, ref: name, tag, sha, variables };
    const result = await createPipeline(context, wanted);
    if ("refused" in result) throw refuse(result.refused);
    return created(reply, toPipelineDetails(request, context, result.pipeline));
  });

  api.get(`${path}/:pipeline_id`, reading, (request) => {
    readInput(request, none);
    const project = findPipelineProject(request, context);
    return toPipelineDetails(request, context, findPipeline(request, context, project));
  });

  api.get(`${path}/:pipeline_id/jobs`, reading, async (request, reply) => {
    const input = readInput(request, jobsInput);
    const project = findPipelineProject(request, context);
    const pipeline = findPipeline(request, context, project);
    const all = input.include_retried
      ? store.jobs.filter((job) => job.pipeline_id === pipeline.id)
      : currentJobs(store, pipeline);
    const rows = all.filter((job) => input.scope.length === 0 || input.scope.includes(job.status));
    return toJobs(request, context, pageOf(reply, rows.reverse(), input));
  });

  api.post(`${path}/:pipeline_id/cancel`, async (request) => {
    readInput(request, none);
    const project = findLiveProject(request, context, role.developer);
    const pipeline = findPipeline(request, context, project);
    await cancelPipeline(context, pipeline);
    return toPipelineDetails(request, context, pipeline);
  });

  api.post(`${path}/:pipeline_id/retry`, async (request, reply) => {
    readInput(request, none);
    const project = findLiveProject(request, context, role.developer);
    const pipeline = findPipeline(request, context, project);
    await retryPipeline(context, pipeline, userOf(request));
    return created(reply, toPipelineDetails(request, context, pipeline));
  });
}
