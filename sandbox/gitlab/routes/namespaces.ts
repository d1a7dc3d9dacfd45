/** Namespaces. https://docs.gitlab.com/api/namespaces/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { role, roleInNamespace } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import type { Namespace } from "../entities.ts";
import { paging, parameters, pathText, readInput, text } from "../input.ts";
import { fullPath } from "../paths.ts";
import { toNamespaceBasic } from "../present.ts";
import { pageOf, refusal } from "../reply.ts";

const listInput = parameters({ ...paging, search: text.optional() });

export function namespaceRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.get("/namespaces", (request, reply) => {
    const input = readInput(request, listInput);
    const search = input.search?.toLowerCase() ?? "";
    const found = store.namespaces.filter(
      (row) => canUse(request, row) && fullPath(store, row).toLowerCase().includes(search),
    );
    return pageOf(reply, found, input).map((row) => toNamespace(request, row));
  });

  api.get("/namespaces/:id", (request) => {
    const given = pathText(request, "id");
    const found = store.namespaces.find(
      (row) => `${row.id}` === given || fullPath(store, row) === given,
    );
    if (!found || !canUse(request, found)) throw refusal.notFound("Namespace");
    return toNamespace(request, found);
  });

  function canUse(request: FastifyRequest, namespace: Namespace): boolean {
    return roleInNamespace(store, userOf(request), namespace) > role.none;
  }

  function toNamespace(request: FastifyRequest, namespace: Namespace) {
    return {
      ...toNamespaceBasic(request, store, namespace),
      members_count_with_descendants: store.members.filter(
        (row) => row.parent.kind === "group" && row.parent.id === namespace.id,
      ).length,
      projects_count: store.projects.filter((row) => row.namespace_id === namespace.id).length,
    };
  }
}
