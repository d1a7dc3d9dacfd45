/** Jobs of projects. https://docs.gitlab.com/api/jobs/ */
import { createReadStream } from "node:fs";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findLiveProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import { filled, paging, parameters, readInput, text } from "../input.ts";
import { artifactPath } from "../pipelines/artifacts.ts";
import { archiveOf } from "../pipelines/dependencies.ts";
import { findJob, findPipelineProject } from "../pipelines/find.ts";
import { readJobToken } from "../pipelines/job-token.ts";
import { toJobs } from "../pipelines/present.ts";
import type { Job } from "../pipelines/rows.ts";
import { jobStatuses } from "../pipelines/statuses.ts";
import { Trace } from "../pipelines/trace.ts";
import { cancelJob, playJob, retryJob } from "../pipelines/transitions.ts";
import { created, pageOf, refusal } from "../reply.ts";

const status = z.enum(jobStatuses);
const listInput = parameters({
  ...paging,
  scope: z.union([z.array(status), status.transform((one) => [one])]).default([]),
});
const playInput = parameters({
  job_variables_attributes: z.array(z.strictObject({ key: filled, value: text })).default([]),
});

const path = "/projects/:id/jobs";
const reading = { config: { anonymous: true } };
const none = parameters({});

export function jobRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addFiles(api, context);
  addChanges(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  api.get("/job", reading, async (request) => {
    readInput(request, none);
    const job = readJobToken(request, context);
    if (job === undefined) throw refusal.unauthorized();
    return show(request, context, job);
  });

  api.get(path, reading, (request, reply) => {
    const input = readInput(request, listInput);
    const project = findPipelineProject(request, context);
    const rows = context.store.jobs.filter(
      (job) =>
        job.project_id === project.id &&
        (input.scope.length === 0 || input.scope.includes(job.status)),
    );
    return toJobs(request, context, pageOf(reply, rows.reverse(), input));
  });

  api.get(`${path}/:job_id`, reading, (request) =>
    show(request, context, findReadable(request, context)),
  );
}

function addFiles(api: FastifyInstance, context: Context): void {
  const { directory } = context;

  api.get(`${path}/:job_id/trace`, reading, (request, reply) => {
    const job = findReadable(request, context);
    reply.type("text/plain").header("content-disposition", `infile; filename="${job.id}.log"`);
    return reply.send(new Trace(directory, job.id).read());
  });

  api.get(`${path}/:job_id/artifacts`, reading, (request, reply) => {
    const job = findReadable(request, context);
    const archive = archiveOf(context, job);
    if (archive === undefined) throw refusal.rowNotFound();
    reply
      .type("application/octet-stream")
      .header("content-disposition", `attachment; filename="${archive.filename}"`);
    return reply.send(createReadStream(artifactPath(directory, job, archive)));
  });
}

function addChanges(api: FastifyInstance, context: Context): void {
  api.post(`${path}/:job_id/cancel`, async (request, reply) => {
    readInput(request, none);
    const job = findOwn(request, context);
    await cancelJob(context, job);
    return created(reply, await show(request, context, job));
  });

  api.post(`${path}/:job_id/retry`, async (request, reply) => {
    readInput(request, none);
    const job = await retryJob(context, findOwn(request, context), userOf(request));
    if (job === undefined) throw refusal.forbidden("Job is not retryable");
    return created(reply, await show(request, context, job));
  });

  api.post(`${path}/:job_id/play`, async (request) => {
    const { job_variables_attributes } = readInput(request, playInput);
    const job = findOwn(request, context);
    const given = job_variables_attributes.map((variable) => ({
      ...variable,
      variable_type: "env_var" as const,
      raw: false,
    }));
    if (!(await playJob(context, job, userOf(request), given)))
      throw refusal.badRequest("Unplayable Job");
    return show(request, context, job);
  });
}

function findReadable(request: FastifyRequest, context: Context): Job {
  readInput(request, none);
  return findJob(request, context, findPipelineProject(request, context));
}

function findOwn(request: FastifyRequest, context: Context): Job {
  return findJob(request, context, findLiveProject(request, context, role.developer));
}

async function show(request: FastifyRequest, context: Context, job: Job) {
  return (await toJobs(request, context, [job]))[0];
}
