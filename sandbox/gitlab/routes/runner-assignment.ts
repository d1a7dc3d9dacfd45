/** Runners of a project or group. https://docs.gitlab.com/api/runners/ */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { findGroup, findProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import { integer, paging, parameters, pathNumber, readInput } from "../input.ts";
import { fullPath } from "../paths.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";
import { ownsRunner, toRunner } from "../runners.ts";
import type { Store } from "../store.ts";

const listInput = parameters({
  ...paging,
  type: z.enum(["instance_type", "group_type", "project_type"]).optional(),
});
const assignInput = parameters({ runner_id: integer });

const path = "/projects/:id/runners";

export function runnerAssignmentRoutes(api: FastifyInstance, context: Context): void {
  addLists(api, context);
  addAssignment(api, context);
  addRelease(api, context);
}

function addLists(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get(path, (request, reply) => {
    const input = readInput(request, listInput);
    const project = findProject(request, context, role.maintainer);
    const namespace = fullPath(store, store.namespaces.require(project.namespace_id));
    const rows = store.runners.filter(
      (row) =>
        (row.project_ids.includes(project.id) ||
          row.runner_type === "instance_type" ||
          isAbove(store, row.group_id, namespace)) &&
        (input.type === undefined || row.runner_type === input.type),
    );
    return pageOf(reply, rows, input).map((row) => toRunner(context, row));
  });

  api.get("/groups/:id/runners", (request, reply) => {
    const input = readInput(request, listInput);
    const group = fullPath(store, findGroup(request, context, role.maintainer));
    const rows = store.runners.filter(
      (row) =>
        isAbove(store, row.group_id, group) &&
        (input.type === undefined || row.runner_type === input.type),
    );
    return pageOf(reply, rows, input).map((row) => toRunner(context, row));
  });
}

function addAssignment(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post(path, (request, reply) => {
    const { runner_id } = readInput(request, assignInput);
    const project = findProject(request, context, role.maintainer);
    const runner = store.runners.get(runner_id);
    if (!runner) throw refusal.notFound("Runner");
    const user = userOf(request);
    if (runner.runner_type === "group_type") throw refusal.forbidden("Runner is a group runner");
    if (runner.locked && !user.admin) throw refusal.forbidden("Runner is locked");
    if (!ownsRunner(store, user, runner)) throw refusal.forbidden("No access granted");
    if (runner.runner_type === "instance_type")
      throw refusal.badRequest("Runner is an instance runner");
    if (runner.project_ids.includes(project.id))
      throw refusal.badRequest("Runner is already assigned to the project");
    store.runners.update(runner, { project_ids: [...runner.project_ids, project.id] });
    return created(reply, toRunner(context, runner));
  });
}

function addRelease(api: FastifyInstance, context: Context): void {
  const { runners } = context.store;

  api.delete(`${path}/:runner_id`, (request, reply) => {
    readInput(request, parameters({}));
    const project = findProject(request, context, role.maintainer);
    const runner = runners.get(pathNumber(request, "runner_id"));
    if (!runner?.project_ids.includes(project.id)) throw refusal.notFound("Runner");
    if (runner.project_ids.length === 1)
      throw refusal.forbidden(
        "Only one project associated with the runner. Please remove the runner instead",
      );
    if (runner.project_ids[0] === project.id)
      throw refusal.forbidden(
        "You cannot unassign a runner from the owner project. Delete the runner instead",
      );
    const project_ids = runner.project_ids.filter((id) => id !== project.id);
    runners.update(runner, { project_ids });
    return noContent(reply);
  });
}

/** Whether a group's runners serve what lies at `path`. */
function isAbove(store: Store, groupId: number | null, path: string): boolean {
  const group = store.namespaces.get(groupId);
  return group !== undefined && `${path}/`.startsWith(`${fullPath(store, group)}/`);
}
