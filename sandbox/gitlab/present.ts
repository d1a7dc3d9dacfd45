import type { FastifyRequest } from "fastify";
import { role, roleInNamespace, roleInProject } from "./access.ts";
import type { Group, Namespace, Project, User } from "./entities.ts";
import { fullName, fullPath, projectPath } from "./paths.ts";
import { origin } from "./reply.ts";
import type { Store } from "./store.ts";

/** The short form of a user that other answers embed. */
export function toUserBasic(request: FastifyRequest, user: User) {
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    state: "active",
    avatar_url: null,
    web_url: `${origin(request)}/${user.username}`,
  };
}

/** The short form of a namespace that other answers embed. */
export function toNamespaceBasic(request: FastifyRequest, store: Store, namespace: Namespace) {
  const path = fullPath(store, namespace);
  return {
    id: namespace.id,
    name: namespace.name,
    path: namespace.path,
    kind: namespace.kind,
    full_path: path,
    parent_id: namespace.kind === "group" ? namespace.parent_id : null,
    avatar_url: null,
    web_url: `${origin(request)}/${namespace.kind === "group" ? "groups/" : ""}${path}`,
  };
}

/** A group; `single` adds what lists leave out. */
export function toGroup(
  request: FastifyRequest,
  store: Store,
  group: Group,
  { single = false } = {},
) {
  const { settings, runners_token, kind: _, ...row } = group;
  const path = fullPath(store, group);
  const user = request.caller?.user;
  const owns = user !== undefined && roleInNamespace(store, user, group) >= role.owner;
  return {
    ...row,
    ...settings,
    full_name: fullName(store, group),
    full_path: path,
    web_url: `${origin(request)}/groups/${path}`,
    avatar_url: null,
    ...(single && owns && { runners_token }),
  };
}

/** A project; `single` adds what lists leave out. */
export function toProject(
  request: FastifyRequest,
  store: Store,
  project: Project,
  { single = false, isEmpty = false } = {},
) {
  const { settings, runners_token, namespace_id, ...row } = project;
  const { build_git_strategy, ...listed } = settings;
  const namespace = store.namespaces.require(namespace_id);
  const path = projectPath(store, project);
  const url = `${origin(request)}/${path}`;
  const user = request.caller?.user;
  const maintains = user !== undefined && roleInProject(store, user, project) >= role.maintainer;
  return {
    ...row,
    ...listed,
    tag_list: settings.topics,
    name_with_namespace: `${fullName(store, namespace)} / ${project.name}`,
    path_with_namespace: path,
    web_url: url,
    http_url_to_repo: `${url}.git`,
    ssh_url_to_repo: `git@${request.hostname}:${path}.git`,
    readme_url: null,
    avatar_url: null,
    empty_repo: isEmpty,
    import_status: "none",
    marked_for_deletion_on: project.marked_for_deletion_at,
    namespace: toNamespaceBasic(request, store, namespace),
    forks_count: 0,
    star_count: 0,
    shared_with_groups: [],
    ...(single && maintains && { build_git_strategy, runners_token, import_error: null }),
  };
}
