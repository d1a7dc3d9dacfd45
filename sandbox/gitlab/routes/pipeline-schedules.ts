/** Pipeline schedules. https://docs.gitlab.com/api/pipeline_schedules/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findLiveProject, findProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { PipelineSchedule } from "../entities.ts";
import { filled, flag, paging, parameters, readInput } from "../input.ts";
import { toPipeline } from "../pipelines/present.ts";
import type { Pipeline } from "../pipelines/rows.ts";
import { mayRunSchedule, runSchedule } from "../pipelines/schedule-runs.ts";
import { jobStatuses } from "../pipelines/statuses.ts";
import { toUserBasic } from "../present.ts";
import { created, noContent, pageOf, refusal, refuseFaults } from "../reply.ts";
import {
  canEdit,
  checkSchedule,
  findSchedule,
  nextRunOf,
  schedulesPath,
  toFullRef,
  toScheduleVariable,
} from "../schedules.ts";

const inputs = z
  .array(z.strictObject({ name: filled, value: z.unknown().optional(), destroy: flag.optional() }))
  .max(20);

const createInput = parameters({
  description: filled,
  ref: filled,
  cron: filled,
  cron_timezone: filled.default("UTC"),
  active: flag.default(true),
  inputs: inputs.default([]),
});

const updateInput = parameters({
  description: filled.optional(),
  ref: filled.optional(),
  cron: filled.optional(),
  cron_timezone: filled.optional(),
  active: flag.optional(),
  inputs: inputs.default([]),
});

const listInput = parameters({ ...paging, scope: z.enum(["active", "inactive"]).optional() });

const pipelinesInput = parameters({
  ...paging,
  status: z.enum(jobStatuses).optional(),
  sort: z.enum(["asc", "desc"]).default("asc"),
});

const none = parameters({});

export function pipelineScheduleRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addCreation(api, context);
  addUpdate(api, context);
  addDeletion(api, context);
  addOwnership(api, context);
  addRuns(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  api.get(schedulesPath, (request, reply) => {
    const input = readInput(request, listInput);
    const project = findProject(request, context, role.reporter);
    const rows = context.store.schedules.filter(
      (row) =>
        row.project_id === project.id &&
        (input.scope === undefined || row.active === (input.scope === "active")),
    );
    return pageOf(reply, rows, input).map((row) => toSchedule(request, context, row));
  });

  api.get(`${schedulesPath}/:sid`, (request) => {
    readInput(request, none);
    const project = findProject(request, context, role.reporter);
    return toDetails(request, context, findSchedule(request, context, project));
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post(schedulesPath, async (request, reply) => {
    const input = readInput(request, createInput);
    const project = findLiveProject(request, context, role.developer);
    refuseFaults(checkSchedule(input));
    const schedule = context.store.schedules.insert({
      ...input,
      project_id: project.id,
      owner_id: userOf(request).id,
      ref: await toFullRef(context, project, input.ref),
      created_at: timestamp(context),
      updated_at: timestamp(context),
      inputs: toInputs([], input.inputs),
      next_run_at: nextRunOf(context, input),
    });
    return created(reply, toDetails(request, context, schedule));
  });
}

function addUpdate(api: FastifyInstance, context: Context): void {
  api.put(`${schedulesPath}/:sid`, async (request) => {
    const input = readInput(request, updateInput);
    const project = findLiveProject(request, context, role.developer);
    const schedule = findSchedule(request, context, project, "edit");
    const next = { ...schedule, ...input };
    refuseFaults(checkSchedule(next));
    context.store.schedules.update(schedule, {
      ...next,
      ref: await toFullRef(context, project, next.ref),
      inputs: toInputs(schedule.inputs, input.inputs),
      next_run_at: nextRunOf(context, next),
      updated_at: timestamp(context),
    });
    return toDetails(request, context, schedule);
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  const { schedules, scheduleVariables } = context.store;

  api.delete(`${schedulesPath}/:sid`, (request, reply) => {
    readInput(request, none);
    const project = findLiveProject(request, context, role.developer);
    const schedule = findSchedule(request, context, project, "edit");
    scheduleVariables.deleteWhere((row) => row.schedule_id === schedule.id);
    schedules.delete(schedule);
    return noContent(reply);
  });
}

function addOwnership(api: FastifyInstance, context: Context): void {
  api.post(`${schedulesPath}/:sid/take_ownership`, (request, reply) => {
    readInput(request, none);
    const project = findLiveProject(request, context, role.maintainer);
    const schedule = findSchedule(request, context, project);
    const user = userOf(request);
    const isOwned = schedule.owner_id === user.id;
    context.store.schedules.update(schedule, { owner_id: user.id });
    const answer = toDetails(request, context, schedule);
    return isOwned ? answer : created(reply, answer);
  });
}

function addRuns(api: FastifyInstance, context: Context): void {
  api.post(`${schedulesPath}/:sid/play`, async (request, reply) => {
    readInput(request, none);
    const project = findLiveProject(request, context, role.developer);
    const schedule = findSchedule(request, context, project);
    if (!mayRunSchedule(context, schedule, userOf(request))) throw refusal.forbidden();
    await runSchedule(context, schedule, userOf(request));
    return created(reply, { message: "201 Created" });
  });

  api.get(`${schedulesPath}/:sid/pipelines`, (request, reply) => {
    const { status, sort, ...input } = readInput(request, pipelinesInput);
    const project = findProject(request, context, role.reporter);
    const rows = listPipelines(context, findSchedule(request, context, project)).filter(
      (row) => status === undefined || row.status === status,
    );
    const sorted = sort === "desc" ? rows.reverse() : rows;
    return pageOf(reply, sorted, input).map((row) => toPipeline(request, context, row));
  });
}

function listPipelines({ store }: Context, schedule: PipelineSchedule): Pipeline[] {
  return store.pipelines.filter((row) => row.schedule_id === schedule.id);
}

function toSchedule(request: FastifyRequest, context: Context, schedule: PipelineSchedule) {
  const { project_id: _, owner_id, inputs: __, ...row } = schedule;
  const owner = toUserBasic(request, context.store.users.require(owner_id));
  const next_run_at = row.active ? (row.next_run_at ?? nextRunOf(context, row)) : null;
  return { ...row, next_run_at, owner };
}

function toDetails(request: FastifyRequest, context: Context, schedule: PipelineSchedule) {
  const { store } = context;
  const project = store.projects.require(schedule.project_id);
  const variables = store.scheduleVariables.filter((row) => row.schedule_id === schedule.id);
  const last = listPipelines(context, schedule).at(-1);
  return {
    ...toSchedule(request, context, schedule),
    last_pipeline: last ? toPipeline(request, context, last) : null,
    inputs: schedule.inputs,
    ...(canEdit(request, context, project, schedule) && {
      variables: variables.map(toScheduleVariable),
    }),
  };
}

function toInputs(before: PipelineSchedule["inputs"], given: z.output<typeof inputs>) {
  const named = new Map(before.map((row) => [row.name, row]));
  for (const { name, value, destroy } of given)
    if (destroy) named.delete(name);
    else named.set(name, { name, value });
  return [...named.values()];
}
