/** Runners. https://docs.gitlab.com/api/runners/ and https://docs.gitlab.com/api/users/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { lookupGroup, lookupProject, role, roleInNamespace, roleInProject } from "../access.ts";
import { createSecret, userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { Runner, User } from "../entities.ts";
import { flag, integer, list, paging, parameters, pathNumber, readInput, text } from "../input.ts";
import { toJobs } from "../pipelines/present.ts";
import { created, noContent, pageOf, refusal, refuseFaults } from "../reply.ts";
import {
  checkRunner,
  ownsRunner,
  removeRunner,
  replaceToken,
  statusOf,
  toRunner,
  toRunnerDetails,
} from "../runners.ts";

const accessLevel = z.enum(["not_protected", "ref_protected"]);
const note = text.max(1024);

const common = {
  description: text.nullable().default(null),
  maintenance_note: note.nullable().default(null),
  paused: flag.default(false),
  locked: flag.default(false),
  run_untagged: flag.default(true),
  tag_list: list.default([]),
  access_level: accessLevel.default("not_protected"),
  maximum_timeout: integer.nullable().default(null),
};

const createInput = z.discriminatedUnion("runner_type", [
  parameters({ ...common, runner_type: z.literal("instance_type") }),
  parameters({ ...common, runner_type: z.literal("group_type"), group_id: integer }),
  parameters({ ...common, runner_type: z.literal("project_type"), project_id: integer }),
]);

const updateInput = parameters({
  description: text.nullable().optional(),
  maintenance_note: note.nullable().optional(),
  active: flag.optional(),
  paused: flag.optional(),
  locked: flag.optional(),
  run_untagged: flag.optional(),
  tag_list: list.optional(),
  access_level: accessLevel.optional(),
  maximum_timeout: integer.nullable().optional(),
});

const listInput = parameters({
  ...paging,
  type: z.enum(["instance_type", "group_type", "project_type"]).optional(),
  status: z.enum(["online", "offline", "stale", "never_contacted"]).optional(),
  paused: flag.optional(),
  tag_list: list.default([]),
});

const jobsInput = parameters({
  ...paging,
  status: z.enum(["running", "success", "failed", "canceled"]).optional(),
});

const none = parameters({});
const creating = { config: { scopes: ["create_runner"] } };
const managing = { config: { scopes: ["manage_runner"] } };

export function runnerRoutes(api: FastifyInstance, context: Context): void {
  addCreation(api, context);
  addLists(api, context);
  addOne(api, context);
  addUpdate(api, context);
  addRemoval(api, context);
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post("/user/runners", creating, (request, reply) => {
    const input = readInput(request, createInput);
    requireCreation(context, userOf(request), input);
    const [field, texts] = Object.entries(checkRunner(input))[0] ?? [];
    if (field) throw refusal.badRequest(`${toLabel(field)} ${texts?.[0]}`);
    const unset = { group_id: null, project_id: null };
    const { group_id, project_id, ...fields } = { ...unset, ...input };
    const runner = context.store.runners.insert({
      ...fields,
      group_id,
      project_ids: project_id === null ? [] : [project_id],
      token: createSecret("glrt-"),
      created_by: userOf(request).id,
      created_at: timestamp(context),
      contacted_at: null,
    });
    return created(reply, { id: runner.id, token: runner.token, token_expires_at: null });
  });
}

function addLists(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get("/runners", (request, reply) => {
    const input = readInput(request, listInput);
    const user = { ...userOf(request), admin: false };
    const owned = store.runners.filter(
      (row) => row.runner_type !== "instance_type" && ownsRunner(store, user, row),
    );
    const rows = owned.filter((row) => isAsked(context, row, input));
    return pageOf(reply, rows, input).map((row) => toRunner(context, row));
  });

  api.get("/runners/all", (request, reply) => {
    const input = readInput(request, listInput);
    if (!userOf(request).admin) throw refusal.forbidden();
    const rows = store.runners.filter((row) => isAsked(context, row, input));
    return pageOf(reply, rows, input).map((row) => toRunner(context, row));
  });
}

function addOne(api: FastifyInstance, context: Context): void {
  api.get("/runners/:id", (request) => {
    readInput(request, none);
    return toRunnerDetails(request, context, findOwned(request, context));
  });

  api.get("/runners/:id/jobs", (request, reply) => {
    const input = readInput(request, jobsInput);
    const runner = findOwned(request, context);
    const rows = context.store.jobs.filter(
      (job) =>
        job.runner_id === runner.id && (input.status === undefined || job.status === input.status),
    );
    return toJobs(request, context, pageOf(reply, rows.reverse(), input));
  });
}

function addUpdate(api: FastifyInstance, context: Context): void {
  api.put("/runners/:id", managing, (request) => {
    const { active, ...input } = readInput(request, updateInput);
    if (active === undefined && Object.keys(input).length === 0)
      throw refusal.nothingGiven(Object.keys(updateInput.shape));
    const runner = findOwned(request, context);
    const paused = input.paused ?? (active === undefined ? runner.paused : !active);
    const next = { ...runner, ...input, paused };
    refuseFaults(checkRunner(next));
    return toRunnerDetails(request, context, context.store.runners.update(runner, next));
  });

  api.post("/runners/:id/reset_authentication_token", managing, (request, reply) => {
    readInput(request, none);
    const token = replaceToken(context, findOwned(request, context));
    return created(reply, { token, token_expires_at: null });
  });
}

function addRemoval(api: FastifyInstance, context: Context): void {
  api.delete("/runners/:id", managing, (request, reply) => {
    readInput(request, none);
    const runner = findOwned(request, context);
    if (runner.project_ids.length > 1)
      throw refusal.forbidden("Runner associated with more than one project");
    removeRunner(context, runner);
    return noContent(reply);
  });
}

function findOwned(request: FastifyRequest, { store }: Context): Runner {
  const runner = store.runners.get(pathNumber(request, "id"));
  if (!runner) throw refusal.notFound("Runner");
  if (!ownsRunner(store, userOf(request), runner)) throw refusal.forbidden("No access granted");
  return runner;
}

/** Instance runners are made by administrators, those of groups by owners, of projects by maintainers. */
function requireCreation(
  { store }: Context,
  user: User,
  input: z.output<typeof createInput>,
): void {
  const denied = refusal.forbidden("Insufficient permissions");
  if (input.runner_type === "instance_type" && !user.admin) throw denied;
  if (input.runner_type === "group_type") {
    const group = lookupGroup(store, `${input.group_id}`);
    if (!group || roleInNamespace(store, user, group) < role.owner) throw denied;
  }
  if (input.runner_type === "project_type") {
    const project = lookupProject(store, `${input.project_id}`);
    if (!project || roleInProject(store, user, project) < role.maintainer) throw denied;
  }
}

function isAsked(context: Context, row: Runner, input: z.output<typeof listInput>): boolean {
  return (
    (input.type === undefined || row.runner_type === input.type) &&
    (input.paused === undefined || row.paused === input.paused) &&
    (input.status === undefined || statusOf(context, row) === input.status) &&
    input.tag_list.every((tag) => row.tag_list.includes(tag))
  );
}

/** `tags_list` is spoken of as `Tags list`. */
function toLabel(field: string): string {
  return `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll("_", " ")}`;
}
