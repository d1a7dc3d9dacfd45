/** Protected tags. https://docs.gitlab.com/api/protected_tags/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findProject, role } from "../access.ts";
import { toLevelRow } from "../access-levels.ts";
import type { Context } from "../context.ts";
import type { Project, ProtectedTag } from "../entities.ts";
import { filled, integer, paging, parameters, pathText, readInput } from "../input.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";

const createInput = parameters({
  name: filled,
  create_access_level: integer.pipe(z.literal([0, 30, 40, 60])).default(40),
});

export function protectedTagRoutes(api: FastifyInstance, context: Context): void {
  const { protectedTags } = context.store;
  const path = "/projects/:id/protected_tags";

  api.get(path, (request, reply) => {
    const input = readInput(request, parameters(paging));
    const rows = listOf(findProject(request, context, role.developer));
    return pageOf(reply, rows, input).map(toProtectedTag);
  });

  api.get(`${path}/:name`, (request) => {
    readInput(request, parameters({}));
    return toProtectedTag(findOne(request, findProject(request, context, role.developer)));
  });

  api.post(path, (request, reply) => {
    const { name, create_access_level } = readInput(request, createInput);
    const project = findProject(request, context, role.maintainer);
    if (listOf(project).some((row) => row.name === name))
      throw refusal.conflict(`Protected tag '${name}' already exists`);
    const row = protectedTags.insert({
      project_id: project.id,
      name,
      create_access_levels: [{ id: 1, access_level: create_access_level }],
    });
    return created(reply, toProtectedTag(row));
  });

  api.delete(`${path}/:name`, (request, reply) => {
    readInput(request, parameters({}));
    protectedTags.delete(findOne(request, findProject(request, context, role.maintainer)));
    return noContent(reply);
  });

  function listOf(project: Project): ProtectedTag[] {
    return protectedTags.filter((row) => row.project_id === project.id);
  }

  function findOne(request: FastifyRequest, project: Project): ProtectedTag {
    const found = listOf(project).find((row) => row.name === pathText(request, "name"));
    if (!found) throw refusal.rowNotFound();
    return found;
  }
}

function toProtectedTag({ name, create_access_levels }: ProtectedTag) {
  return { name, create_access_levels: create_access_levels.map(toLevelRow) };
}
