/** Runners. https://docs.gitlab.com/api/runners/ and https://docs.gitlab.com/api/users/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { lookupGroup, lookupProject, role, roleInNamespace, roleInProject } from "../access.ts";
import { createSecret, userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { Runner } from "../entities.ts";
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

export function runnerRoutes(api: FastifyInstance, context: Context): void {
  const { runners } = context.store;
  const creating = { config: { scopes: ["create_runner"] } };
  const managing = { config: { scopes: ["manage_runner"] } };

  api.post("/user/runners", creating, (request, reply) => {
    const input = readInput(request, createInput);
    requireCreation(request, input);
    const [field, texts] = Object.entries(checkRunner(input))[0] ?? [];
    if (field) throw refusal.badRequest(`${toLabel(field)} ${texts?.[0]}`);
    const unset = { group_id: null, project_id: null };
    const { group_id, project_id, ...fields } = { ...unset, ...input };
    const runner = runners.insert({
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

  api.get("/runners", (request, reply) => {
    const input = readInput(request, listInput);
    const user = userOf(request);
    const owned = runners.filter(
      (row) =>
        row.runner_type !== "instance_type" &&
        ownsRunner(context.store, { ...user, admin: false }, row),
    );
    return pageOf(reply, asked(owned, input), input).map((row) => toRunner(context, row));
  });

  api.get("/runners/all", (request, reply) => {
    const input = readInput(request, listInput);
    if (!userOf(request).admin) throw refusal.forbidden();
    return pageOf(reply, asked(runners.all(), input), input).map((row) => toRunner(context, row));
  });

  api.get("/runners/:id", (request) => {
    readInput(request, parameters({}));
    return toRunnerDetails(request, context, findOwned(request));
  });

  api.get("/runners/:id/jobs", (request, reply) => {
    const input = readInput(request, jobsInput);
    const runner = findOwned(request);
    const rows = context.store.jobs.filter(
      (job) =>
        job.runner_id === runner.id && (input.status === undefined || job.status === input.status),
    );
    return toJobs(request, context, pageOf(reply, rows.reverse(), input));
  });

  api.put("/runners/:id", managing, (request) => {
    const { active, ...input } = readInput(request, updateInput);
    if (active === undefined && Object.keys(input).length === 0)
      throw refusal.nothingGiven(Object.keys(updateInput.shape));
    const runner = findOwned(request);
    const paused = input.paused ?? (active === undefined ? runner.paused : !active);
    const next = { ...runner, ...input, paused };
    refuseFaults(checkRunner(next));
    return toRunnerDetails(request, context, runners.update(runner, next));
  });

  api.delete("/runners/:id", managing, (request, reply) => {
    readInput(request, parameters({}));
    const runner = findOwned(request);
    if (runner.project_ids.length > 1)
      throw refusal.forbidden("Runner associated with more than one project");
    removeRunner(context, runner);
    return noContent(reply);
  });

  api.post("/runners/:id/reset_authentication_token", managing, (request, reply) => {
    readInput(request, parameters({}));
    const token = replaceToken(context, findOwned(request));
    return created(reply, { token, token_expires_at: null });
  });

  function findOwned(request: FastifyRequest): Runner {
    const runner = runners.get(pathNumber(request, "id"));
    if (!runner) throw refusal.notFound("Runner");
    if (!ownsRunner(context.store, userOf(request), runner))
      throw refusal.forbidden("No access granted");
    return runner;
  }

  function requireCreation(request: FastifyRequest, input: z.output<typeof createInput>): void {
    const user = userOf(request);
    const { store } = context;
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

  function asked(rows: Runner[], input: z.output<typeof listInput>): Runner[] {
    return rows.filter(
      (row) =>
        (input.type === undefined || row.runner_type === input.type) &&
        (input.paused === undefined || row.paused === input.paused) &&
        (input.status === undefined || statusOf(context, row) === input.status) &&
        input.tag_list.every((tag) => row.tag_list.includes(tag)),
    );
  }
}

/** `tags_list` is spoken of as `Tags list`. */
function toLabel(field: string): string {
  return `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll("_", " ")}`;
}
