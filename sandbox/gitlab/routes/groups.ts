/** Groups. https://docs.gitlab.com/api/groups/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  findGroup,
  lookupGroup,
  role,
  roleInNamespace,
  seesGroup,
  seesProject,
} from "../access.ts";
import { createSecret, userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { Group, User } from "../entities.ts";
import { checkGroupFaults } from "../group-checks.ts";
import { findGroups, groupSearch } from "../group-search.ts";
import { groupDefaults, groupSettingsParameters, toGroupSettings } from "../group-settings.ts";
import { filled, flag, integer, paging, parameters, readInput, text } from "../input.ts";
import { fullPath } from "../paths.ts";
import { toGroup, toProject } from "../present.ts";
import { created, pageOf, refusal } from "../reply.ts";
import type { Store } from "../store.ts";

const visibility = z.enum(["private", "internal", "public"]);

const createInput = parameters({
  ...groupSettingsParameters,
  name: filled,
  path: filled,
  parent_id: integer.optional(),
  visibility: visibility.optional(),
  description: text.default(""),
});

const updateInput = parameters({
  ...groupSettingsParameters,
  name: text.optional(),
  path: text.optional(),
  visibility: visibility.optional(),
  description: text.optional(),
});

const readGroupInput = parameters({ with_projects: flag.default(true) });

const projectsInput = parameters({
  ...paging,
  include_subgroups: flag.default(false),
  with_shared: flag.optional(),
  archived: flag.optional(),
  visibility: visibility.optional(),
  search: text.optional(),
  simple: flag.optional(),
  order_by: text.optional(),
  sort: z.enum(["asc", "desc"]).optional(),
});

const anonymous = { config: { anonymous: true } };

export function groupRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addSubgroups(api, context);
  addProjects(api, context);
  addCreation(api, context);
  addUpdate(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get("/groups", anonymous, (request, reply) => {
    const input = readInput(request, groupSearch);
    const rows = findGroups(store, request, input);
    return pageOf(reply, rows, input).map((row) => toGroup(request, store, row));
  });

  api.get("/groups/:id", anonymous, (request) => {
    const { with_projects } = readInput(request, readGroupInput);
    const group = findGroup(request, context);
    const full = toGroup(request, store, group, { single: true });
    return with_projects ? { ...full, projects: listProjects(request, store, group, false) } : full;
  });
}

function addSubgroups(api: FastifyInstance, context: Context): void {
  api.get("/groups/:id/subgroups", anonymous, (request, reply) => {
    const input = readInput(request, groupSearch);
    const { id } = findGroup(request, context);
    const rows = findGroups(context.store, request, input).filter((row) => row.parent_id === id);
    return pageOf(reply, rows, input).map((row) => toGroup(request, context.store, row));
  });
}

function addProjects(api: FastifyInstance, context: Context): void {
  api.get("/groups/:id/projects", anonymous, (request, reply) => {
    const input = readInput(request, projectsInput);
    const group = findGroup(request, context);
    const rows = listProjects(request, context.store, group, input.include_subgroups).filter(
      (row) =>
        (input.archived === undefined || row.archived === input.archived) &&
        (input.visibility === undefined || row.visibility === input.visibility) &&
        (input.search === undefined || row.path.includes(input.search)),
    );
    return pageOf(reply, rows, input);
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post("/groups", (request, reply) => {
    const input = readInput(request, createInput);
    const { name, path, description, parent_id } = input;
    const parent = parent_id === undefined ? null : findParent(request, store, parent_id);
    checkGroupFaults(store, { name, path, parent_id: parent?.id ?? null });
    const group = store.namespaces.insert({
      kind: "group",
      name,
      path,
      description,
      parent_id: parent?.id ?? null,
      visibility: input.visibility ?? parent?.visibility ?? "private",
      created_at: timestamp(context),
      archived: false,
      marked_for_deletion_on: null,
      runners_token: createSecret("GR1348941"),
      settings: toGroupSettings(input, "create", groupDefaults),
    }) as Group;
    addOwner(context, group, userOf(request));
    return created(reply, toGroup(request, store, group, { single: true }));
  });
}

function addUpdate(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.put("/groups/:id", (request) => {
    const input = readInput(request, updateInput);
    const group = findGroup(request, context, role.owner);
    const { name = group.name, path = group.path } = input;
    checkGroupFaults(store, { name, path, parent_id: group.parent_id }, group);
    store.namespaces.update(group, {
      name,
      path,
      visibility: input.visibility ?? group.visibility,
      description: input.description ?? group.description,
      settings: toGroupSettings(input, "update", group.settings),
    });
    return toGroup(request, store, group, { single: true });
  });
}

/** Its projects, the newest first; `deep` adds those of its subgroups. */
function listProjects(request: FastifyRequest, store: Store, group: Group, deep: boolean) {
  const start = `${fullPath(store, group)}/`;
  return store.projects
    .filter((row) => {
      const namespace = store.namespaces.require(row.namespace_id);
      const below = deep && fullPath(store, namespace).startsWith(start);
      return (namespace.id === group.id || below) && seesProject(store, request, row);
    })
    .sort((left, right) => right.id - left.id)
    .map((row) => toProject(request, store, row));
}

function findParent(request: FastifyRequest, store: Store, id: number): Group {
  const parent = lookupGroup(store, `${id}`);
  if (!parent || !seesGroup(store, request, parent)) throw refusal.notFound("Group");
  const needed = parent.settings.subgroup_creation_level === "owner" ? role.owner : role.maintainer;
  if (roleInNamespace(store, userOf(request), parent) < needed) throw refusal.forbidden();
  return parent;
}

function addOwner(context: Context, group: Group, user: User): void {
  context.store.members.insert({
    parent: { kind: "group", id: group.id },
    user_id: user.id,
    access_level: role.owner,
    created_at: timestamp(context),
    expires_at: null,
  });
}
