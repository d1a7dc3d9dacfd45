/** Members of projects and groups. https://docs.gitlab.com/api/project_members/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInNamespace } from "../access.ts";
import { type Context, timestamp } from "../context.ts";
import type { Member, Parent } from "../entities.ts";
import { day, integer, paging, parameters, pathNumber, readInput, text } from "../input.ts";
import { findParent, ownedBy, type ParentFamily, parentFamilies } from "../parents.ts";
import { fullName } from "../paths.ts";
import { toUserBasic } from "../present.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";
import type { Store } from "../store.ts";

const accessLevel = integer.pipe(z.literal([5, 10, 15, 20, 30, 40, 50]));
const expiry = day.nullable().optional();
const createInput = parameters({ user_id: integer, access_level: accessLevel, expires_at: expiry });
const updateInput = parameters({ access_level: accessLevel, expires_at: expiry });
const listInput = parameters({ ...paging, query: text.default("") });

const reading = { projects: role.none, groups: role.none };
const writing = { projects: role.maintainer, groups: role.owner };

export function memberRoutes(api: FastifyInstance, context: Context): void {
  for (const family of parentFamilies) {
    addReading(api, context, family);
    addCreation(api, context, family);
    addChanges(api, context, family);
  }
}

const pathOf = (family: ParentFamily) => `/${family}/:id/members`;

function addReading(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;
  const path = pathOf(family);
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, reading);

  api.get(path, (request, reply) => {
    const input = readInput(request, listInput);
    const rows = named(store, store.members.filter(ownedBy(parentOf(request))), input.query);
    return pageOf(reply, rows, input).map((row) => toMember(request, store, row));
  });

  api.get(`${path}/all`, (request, reply) => {
    const input = readInput(request, listInput);
    const rows = named(store, listAll(store, parentOf(request)), input.query);
    return pageOf(reply, rows, input).map((row) => toMember(request, store, row));
  });

  api.get(`${path}/all/:user_id`, (request) => {
    readInput(request, parameters({}));
    const userId = pathNumber(request, "user_id");
    const found = listAll(store, parentOf(request)).find((row) => row.user_id === userId);
    if (!found) throw refusal.rowNotFound();
    return toMember(request, store, found);
  });

  api.get(`${path}/:user_id`, (request) => {
    readInput(request, parameters({}));
    return toMember(request, store, findOne(request, store, parentOf(request)));
  });
}

function addCreation(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;

  api.post(pathOf(family), (request, reply) => {
    const { user_id, access_level, expires_at = null } = readInput(request, createInput);
    const parent = findParent(request, context, family, writing);
    if (!store.users.get(user_id)) throw refusal.notFound("User");
    if (store.members.filter(ownedBy(parent)).some((row) => row.user_id === user_id))
      throw refusal.conflict("Member already exists");
    refuseBelowInherited(store, parent, user_id, access_level);
    const created_at = timestamp(context);
    const row = store.members.insert({ parent, user_id, access_level, expires_at, created_at });
    return created(reply, toMember(request, store, row));
  });
}

function addChanges(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;
  const path = `${pathOf(family)}/:user_id`;
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, writing);

  api.put(path, (request) => {
    const { access_level, expires_at } = readInput(request, updateInput);
    const parent = parentOf(request);
    const row = findOne(request, store, parent);
    refuseBelowInherited(store, parent, row.user_id, access_level);
    const day = expires_at === undefined ? row.expires_at : expires_at;
    const changed = store.members.update(row, { access_level, expires_at: day });
    return toMember(request, store, changed);
  });

  api.delete(path, (request, reply) => {
    readInput(request, parameters({}));
    store.members.delete(findOne(request, store, parentOf(request)));
    return noContent(reply);
  });
}

function findOne(request: FastifyRequest, store: Store, parent: Parent): Member {
  const userId = pathNumber(request, "user_id");
  const found = store.members.filter(ownedBy(parent)).find((row) => row.user_id === userId);
  if (!found) throw refusal.rowNotFound();
  return found;
}

function above(store: Store, parent: Parent): Parent | undefined {
  if (parent.kind === "project")
    return { kind: "group", id: store.projects.require(parent.id).namespace_id };
  const group = store.namespaces.require(parent.id);
  return group.kind === "group" && group.parent_id !== null
    ? { kind: "group", id: group.parent_id }
    : undefined;
}

/** Direct members, then those of the groups above who are not listed yet. */
function listAll(store: Store, parent: Parent): Member[] {
  const own = store.members.filter(ownedBy(parent));
  const next = above(store, parent);
  const inherited = next ? listAll(store, next) : [];
  const known = new Set(own.map((row) => row.user_id));
  return [...own, ...inherited.filter((row) => !known.has(row.user_id))];
}

function refuseBelowInherited(store: Store, parent: Parent, userId: number, level: number): void {
  const next = above(store, parent);
  if (!next) return;
  const namespace = store.namespaces.require(next.id);
  const user = { ...store.users.require(userId), admin: false };
  const held = namespace.kind === "group" ? roleInNamespace(store, user, namespace) : role.none;
  if (level < held)
    throw refusal.invalid({
      access_level: [
        `should be greater than or equal to ${held} inherited membership from group ${fullName(store, namespace)}`,
      ],
    });
}

function named(store: Store, rows: Member[], query: string): Member[] {
  return rows.filter((row) => {
    const { name, username } = store.users.require(row.user_id);
    return `${name}\n${username}`.toLowerCase().includes(query.toLowerCase());
  });
}

function toMember(request: FastifyRequest, store: Store, row: Member) {
  return {
    ...toUserBasic(request, store.users.require(row.user_id)),
    access_level: row.access_level,
    created_at: row.created_at,
    expires_at: row.expires_at,
    membership_state: "active",
  };
}
