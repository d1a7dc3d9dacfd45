import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInNamespace, seesGroup } from "./access.ts";
import type { Group } from "./entities.ts";
import { flag, integer, list, paging, parameters, text } from "./input.ts";
import { fullPath } from "./paths.ts";
import type { Store } from "./store.ts";

/** Parameters of `GET /groups` and of the lists below a group. https://docs.gitlab.com/api/groups/ */
export const groupSearch = parameters({
  ...paging,
  search: text.optional(),
  skip_groups: list.default([]),
  all_available: flag.optional(),
  owned: flag.default(false),
  top_level_only: flag.default(false),
  min_access_level: integer.optional(),
  visibility: z.enum(["private", "internal", "public"]).optional(),
  order_by: z.enum(["name", "path", "id", "similarity"]).default("name"),
  sort: z.enum(["asc", "desc"]).default("asc"),
});

type GroupSearch = z.output<typeof groupSearch>;

/** The groups a caller sees and asked for, in order; `isBelow` narrows them to a place. */
export function findGroups(
  store: Store,
  request: FastifyRequest,
  asked: GroupSearch,
  isBelow: (group: Group) => boolean = () => true,
): Group[] {
  const groups = store.namespaces.all().filter((row) => row.kind === "group");
  const found = groups.filter(
    (row) => isBelow(row) && seesGroup(store, request, row) && isAsked(store, request, row, asked),
  );
  return inOrder(found, asked);
}

function isAsked(store: Store, request: FastifyRequest, group: Group, asked: GroupSearch) {
  const user = request.caller?.user;
  const held = user ? roleInNamespace(store, user, group) : role.none;
  const searched = `${group.name}\n${fullPath(store, group)}`.toLowerCase();
  return (
    (!asked.owned || held >= role.owner) &&
    (!asked.top_level_only || group.parent_id === null) &&
    (asked.min_access_level === undefined || held >= asked.min_access_level) &&
    (asked.visibility === undefined || group.visibility === asked.visibility) &&
    !asked.skip_groups.includes(`${group.id}`) &&
    searched.includes(asked.search?.toLowerCase() ?? "")
  );
}

function inOrder(rows: Group[], { order_by, sort }: GroupSearch): Group[] {
  const rising = rows.toSorted((left, right) => {
    if (order_by === "id" || order_by === "similarity") return left.id - right.id;
    return left[order_by].localeCompare(right[order_by]) || left.id - right.id;
  });
  return sort === "desc" ? rising.reverse() : rising;
}
