/** Protected branches. https://docs.gitlab.com/api/protected_branches/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findLiveProject, findProject, role } from "../access.ts";
import { toLevelRow } from "../access-levels.ts";
import type { Context } from "../context.ts";
import type { Project, ProtectedBranch } from "../entities.ts";
import { filled, flag, integer, paging, parameters, pathText, readInput, text } from "../input.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";

const level = integer.pipe(z.literal([0, 30, 40, 60]));
const listInput = parameters({ ...paging, search: text.optional() });
const createInput = parameters({
  name: filled,
  push_access_level: level.default(40),
  merge_access_level: level.default(40),
  unprotect_access_level: level.optional(),
  allow_force_push: flag.default(false),
});
const updateInput = parameters({ allow_force_push: flag.optional() });

export function protectedBranchRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;
  const path = "/projects/:id/protected_branches";

  api.get(path, (request, reply) => {
    const input = readInput(request, listInput);
    const project = findProject(request, context, role.developer);
    const rows = listOf(project).filter((row) => row.name.includes(input.search ?? ""));
    return pageOf(reply, rows, input).map(toProtectedBranch);
  });

  api.get(`${path}/:name`, (request) => {
    readInput(request, parameters({}));
    return toProtectedBranch(findOne(request, findProject(request, context, role.developer)));
  });

  api.post(path, (request, reply) => {
    const input = readInput(request, createInput);
    const project = findLiveProject(request, context, role.maintainer);
    if (listOf(project).some((row) => row.name === input.name))
      throw refusal.conflict(`Protected branch '${input.name}' already exists`);
    const row = store.protectedBranches.insert({
      project_id: project.id,
      name: input.name,
      push_access_levels: [{ id: 1, access_level: input.push_access_level }],
      merge_access_levels: [{ id: 1, access_level: input.merge_access_level }],
      allow_force_push: input.allow_force_push,
    });
    return created(reply, toProtectedBranch(row));
  });

  api.patch(`${path}/:name`, (request) => {
    const input = readInput(request, updateInput);
    const row = findOne(request, findLiveProject(request, context, role.maintainer));
    const { allow_force_push = row.allow_force_push } = input;
    return toProtectedBranch(store.protectedBranches.update(row, { allow_force_push }));
  });

  api.delete(`${path}/:name`, (request, reply) => {
    readInput(request, parameters({}));
    store.protectedBranches.delete(
      findOne(request, findLiveProject(request, context, role.maintainer)),
    );
    return noContent(reply);
  });

  function listOf(project: Project): ProtectedBranch[] {
    return store.protectedBranches.filter((row) => row.project_id === project.id);
  }

  function findOne(request: FastifyRequest, project: Project): ProtectedBranch {
    const found = listOf(project).find((row) => row.name === pathText(request, "name"));
    if (!found) throw refusal.rowNotFound();
    return found;
  }
}

function toProtectedBranch({ project_id: _, ...row }: ProtectedBranch) {
  return {
    ...row,
    push_access_levels: row.push_access_levels.map(toLevelRow),
    merge_access_levels: row.merge_access_levels.map(toLevelRow),
  };
}
