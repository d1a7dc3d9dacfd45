import type { FastifyRequest } from "fastify";
import { userOf } from "./auth.ts";
import type { Context } from "./context.ts";
import type { Group, Namespace, Parent, Project, User, Visibility } from "./entities.ts";
import { pathText } from "./input.ts";
import { fullPath, projectPath } from "./paths.ts";
import { origin, refusal } from "./reply.ts";
import type { Store } from "./store.ts";

/** GitLab's numbers for roles. https://docs.gitlab.com/api/access_requests/ */
export const role = {
  none: 0,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
  admin: 60,
} as const;

/** Highest role of `user` in a namespace, inherited from its ancestors. */
export function roleInNamespace(store: Store, user: User, namespace: Namespace): number {
  if (user.admin) return role.admin;
  if (namespace.kind === "user") return namespace.owner_id === user.id ? role.owner : role.none;
  const own = directRole(store, user, { kind: "group", id: namespace.id });
  const parent = store.namespaces.get(namespace.parent_id);
  return parent ? Math.max(own, roleInNamespace(store, user, parent)) : own;
}

/** Highest role of `user` in a project, its own or inherited. */
export function roleInProject(store: Store, user: User, project: Project): number {
  const namespace = store.namespaces.require(project.namespace_id);
  const own = directRole(store, user, { kind: "project", id: project.id });
  return Math.max(own, roleInNamespace(store, user, namespace));
}

function directRole(store: Store, user: User, parent: Parent): number {
  const member = store.members.find(
    (row) =>
      row.user_id === user.id && row.parent.kind === parent.kind && row.parent.id === parent.id,
  );
  return member?.access_level ?? role.none;
}

/** Whether the caller of `request` may see `project` at all. */
export function seesProject(store: Store, request: FastifyRequest, project: Project): boolean {
  return sees(request, project.visibility, (user) => roleInProject(store, user, project));
}

/** Whether the caller of `request` may see `group` at all. */
export function seesGroup(store: Store, request: FastifyRequest, group: Group): boolean {
  return sees(request, group.visibility, (user) => roleInNamespace(store, user, group));
}

function sees(request: FastifyRequest, visibility: Visibility, roleOf: (user: User) => number) {
  const user = request.caller?.user;
  if (visibility === "public") return true;
  if (!user) return false;
  return visibility === "internal" || roleOf(user) > role.none;
}

/**
 * The project named by the path parameter `name`, a number or a full path.
 * Invisible ones are 404, a role below `minimum` is 403, a former path is sent on.
 */
export function findProject(
  request: FastifyRequest,
  { store }: Context,
  minimum: number = role.none,
  name = "id",
): Project {
  const given = pathText(request, name);
  const project = lookupProject(store, given) ?? redirected(request, store, given);
  if (!project || !seesProject(store, request, project)) throw refusal.notFound("Project");
  if (minimum > role.none && roleInProject(store, userOf(request), project) < minimum)
    throw refusal.forbidden();
  return project;
}

/** The group named by the path parameter `name`; same rules as `findProject`. */
export function findGroup(
  request: FastifyRequest,
  { store }: Context,
  minimum: number = role.none,
  name = "id",
): Group {
  const group = lookupGroup(store, pathText(request, name));
  if (!group || !seesGroup(store, request, group)) throw refusal.notFound("Group");
  if (minimum > role.none && roleInNamespace(store, userOf(request), group) < minimum)
    throw refusal.forbidden();
  return group;
}

/** As `findProject`, for changes that an archived project does not take: 403. */
export function findLiveProject(
  request: FastifyRequest,
  context: Context,
  minimum: number,
): Project {
  const project = findProject(request, context, minimum);
  if (project.archived) throw refusal.forbidden();
  return project;
}

/** A project by number or full path. */
export function lookupProject(store: Store, given: string): Project | undefined {
  if (/^\d+$/.test(given)) return store.projects.get(Number(given));
  return store.projects.find((row) => same(projectPath(store, row), given));
}

/** A group by number or full path. */
export function lookupGroup(store: Store, given: string): Group | undefined {
  const found = /^\d+$/.test(given)
    ? store.namespaces.get(Number(given))
    : store.namespaces.find((row) => same(fullPath(store, row), given));
  return found?.kind === "group" ? found : undefined;
}

/** Paths differing in case only are the same path. */
function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function redirected(request: FastifyRequest, store: Store, given: string): undefined {
  const former = store.redirects.find((row) => same(row.path, given));
  const project = former && store.projects.get(former.project_id);
  if (!project || !seesProject(store, request, project)) return undefined;
  if (request.method !== "GET") throw refusal.movedForWriting();
  const url = request.url.replace(encodeURIComponent(given), `${project.id}`);
  throw refusal.moved(`${origin(request)}${url}`);
}
