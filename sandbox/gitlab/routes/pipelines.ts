/** Pipelines. https://docs.gitlab.com/api/pipelines/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findLiveProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import type { Project, User } from "../entities.ts";
import { findRef } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { filled, flag, paging, parameters, readInput, text } from "../input.ts";
import { createPipeline } from "../pipelines/create.ts";
import { findPipeline, findPipelineProject } from "../pipelines/find.ts";
import { maySetVariables } from "../pipelines/override.ts";
import { toJobs, toPipeline, toPipelineDetails } from "../pipelines/present.ts";
import { currentJobs } from "../pipelines/processing.ts";
import type { Pipeline } from "../pipelines/rows.ts";
import { jobStatuses } from "../pipelines/statuses.ts";
import { cancelPipeline, retryPipeline } from "../pipelines/transitions.ts";
import { canPush } from "../push-access.ts";
import { created, pageOf, refusal } from "../reply.ts";
import type { Store } from "../store.ts";

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
  addList(api, context);
  addCreation(api, context);
  addOne(api, context);
  addChanges(api, context);
}

function addList(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get(path, reading, (request, reply) => {
    const input = readInput(request, listInput);
    const project = findPipelineProject(request, context);
    const rows = store.pipelines.filter(
      (row) => row.project_id === project.id && isAsked(store, row, input),
    );
    const key = (row: Pipeline) => `${row[input.order_by]}`;
    rows.sort((left, right) => key(left).localeCompare(key(right), "en", { numeric: true }));
    const sorted = input.sort === "desc" ? rows.reverse() : rows;
    return pageOf(reply, sorted, input).map((row) => toPipeline(request, context, row));
  });
}

function isAsked(store: Store, row: Pipeline, input: z.output<typeof listInput>): boolean {
  return (
    (input.status === undefined || row.status === input.status) &&
    (input.ref === undefined || row.ref === input.ref) &&
    (input.sha === undefined || row.sha === input.sha) &&
    (input.source === undefined || row.source === input.source) &&
    (input.yaml_errors === undefined || (row.yaml_errors !== null) === input.yaml_errors) &&
    (input.username === undefined || store.users.get(row.user_id)?.username === input.username)
  );
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post("/projects/:id/pipeline", async (request, reply) => {
    const { ref, variables } = readInput(request, createInput);
    const project = findLiveProject(request, context, role.developer);
    const user = userOf(request);
    if (variables.length > 0 && !maySetVariables(context.store, user, project))
      throw refused("Insufficient permissions to set pipeline variables");
    const start = await findStart(context, project, user, ref);
    const wanted = { project, user, source: "api" as const, variables, ...start };
    const result = await createPipeline(context, wanted);
    if ("refused" in result) throw refused(result.refused);
    return created(reply, toPipelineDetails(request, context, result.pipeline));
  });
}

/** The branch or tag to run on, and its commit; a branch takes the right to push to it. */
async function findStart(context: Context, project: Project, user: User, given: string) {
  const directory = repositoryDirectory(context.directory, project.id);
  const ref = given.replace(/^refs\/(heads|tags)\//, "");
  const branch = await findRef(directory, "heads", ref);
  const sha = branch ?? (await findRef(directory, "tags", ref));
  if (sha === undefined) throw refused("Reference not found");
  if (branch !== undefined && !canPush(context.store, user, project, ref))
    throw refused(
      `You do not have sufficient permission to run a pipeline on '${ref}'. ` +
        "Please select a different branch or contact your administrator for assistance.",
    );
  return { ref, tag: branch === undefined, sha };
}

function refused(reason: string) {
  return refusal.invalid({ base: [reason] });
}

function addOne(api: FastifyInstance, context: Context): void {
  const { store } = context;

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
}

function addChanges(api: FastifyInstance, context: Context): void {
  api.post(`${path}/:pipeline_id/cancel`, async (request) => {
    const pipeline = findOwn(request, context);
    await cancelPipeline(context, pipeline);
    return toPipelineDetails(request, context, pipeline);
  });

  api.post(`${path}/:pipeline_id/retry`, async (request, reply) => {
    const pipeline = findOwn(request, context);
    await retryPipeline(context, pipeline, userOf(request));
    return created(reply, toPipelineDetails(request, context, pipeline));
  });
}

function findOwn(request: FastifyRequest, context: Context): Pipeline {
  readInput(request, none);
  return findPipeline(request, context, findLiveProject(request, context, role.developer));
}
