import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInNamespace, seesGroup } from "./access.ts";
import type { Group } from "./entities.ts";
import { flag, paging, parameters, text } from "./input.ts";
import { fullPath } from "./paths.ts";
import type { Store } from "./store.ts";

/** Parameters of `GET /groups`. https://docs.gitlab.com/api/groups/ */
export const groupSearch = parameters({
  ...paging,
  search: text.optional(),
  owned: flag.default(false),
  visibility: z.enum(["private", "internal", "public"]).optional(),
  order_by: z.enum(["name", "path", "id"]).default("name"),
  sort: z.enum(["asc", "desc"]).default("asc"),
});

type GroupSearch = z.output<typeof groupSearch>;

/** The groups a caller sees and asked for, in order. */
export function findGroups(store: Store, request: FastifyRequest, asked: GroupSearch): Group[] {
  const groups = store.namespaces.all().filter((row) => row.kind === "group");
  const found = groups.filter(
    (row) => seesGroup(store, request, row) && isAsked(store, request, row, asked),
  );
  return inOrder(found, asked);
}

function isAsked(store: Store, request: FastifyRequest, group: Group, asked: GroupSearch) {
  const user = request.caller?.user;
  const held = user ? roleInNamespace(store, user, group) : role.none;
  const searched = `${group.name}\n${fullPath(store, group)}`.toLowerCase();
  return (
    (!asked.owned || held >= role.owner) &&
    (asked.visibility === undefined || group.visibility === asked.visibility) &&
    searched.includes(asked.search?.toLowerCase() ?? "")
  );
}

function inOrder(rows: Group[], { order_by, sort }: GroupSearch): Group[] {
  const rising = rows.toSorted((left, right) => {
    if (order_by === "id") return left.id - right.id;
    return left[order_by].localeCompare(right[order_by]) || left.id - right.id;
  });
  return sort === "desc" ? rising.reverse() : rising;
}
