import type { FastifyRequest } from "fastify";
import type { Namespace, User } from "./entities.ts";
import { fullPath } from "./paths.ts";
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
