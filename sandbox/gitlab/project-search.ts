import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInProject, seesProject } from "./access.ts";
import type { Project } from "./entities.ts";
import { flag, integer, paging, parameters, text } from "./input.ts";
import { projectPath } from "./paths.ts";
import { keysetOf, pageOf, refusal } from "./reply.ts";
import type { Store } from "./store.ts";

/** Parameters of `GET /projects`. https://docs.gitlab.com/api/projects/#list-all-projects */
export const projectSearch = parameters({
  ...paging,
  search: text.optional(),
  search_namespaces: flag.default(false),
  owned: flag.default(false),
  membership: flag.default(false),
  archived: flag.optional(),
  active: flag.optional(),
  visibility: z.enum(["private", "internal", "public"]).optional(),
  min_access_level: integer.optional(),
  topic: text.optional(),
  simple: flag.optional(),
  id_after: integer.optional(),
  id_before: integer.optional(),
  order_by: z
    .enum(["id", "name", "path", "created_at", "updated_at", "last_activity_at"])
    .default("created_at"),
  sort: z.enum(["asc", "desc"]).default("desc"),
});

type ProjectSearch = z.output<typeof projectSearch>;

/** The projects a caller sees and asked for, in no order yet. */
export function findProjects(
  store: Store,
  request: FastifyRequest,
  asked: ProjectSearch,
): Project[] {
  return store.projects.filter(
    (row) =>
      seesProject(store, request, row) &&
      isHeld(store, request, row, asked) &&
      isLike(store, row, asked),
  );
}

/** One page of `rows` in the order asked for, by offset or by keyset. */
export function pageOfProjects(
  reply: FastifyReply,
  rows: Project[],
  asked: ProjectSearch,
): Project[] {
  const { order_by, sort, pagination, per_page } = asked;
  const rising = rows.toSorted(
    (left, right) =>
      `${left[order_by]}`.localeCompare(`${right[order_by]}`, "en", { numeric: true }) ||
      left.id - right.id,
  );
  const ordered = sort === "desc" ? rising.reverse() : rising;
  if (pagination !== "keyset") return pageOf(reply, ordered, asked);
  if (order_by !== "id")
    throw refusal.sentence(405, "Keyset pagination is not yet available for this type of request");
  return keysetOf(reply, ordered, per_page, sort === "desc" ? "id_before" : "id_after");
}

/** Whether the caller's own role fits; an administrator's rights do not count as membership. */
function isHeld(store: Store, request: FastifyRequest, project: Project, asked: ProjectSearch) {
  const user = request.caller?.user;
  const held = user ? roleInProject(store, { ...user, admin: false }, project) : role.none;
  return (
    (!asked.owned || held >= role.owner) &&
    (!asked.membership || held > role.none) &&
    (asked.min_access_level === undefined || held >= asked.min_access_level)
  );
}

function isLike(store: Store, project: Project, asked: ProjectSearch): boolean {
  const searched = asked.search_namespaces
    ? projectPath(store, project)
    : `${project.name}\n${project.path}\n${project.description ?? ""}`;
  return (
    (asked.archived === undefined || project.archived === asked.archived) &&
    (asked.active === undefined || project.archived !== asked.active) &&
    (asked.visibility === undefined || project.visibility === asked.visibility) &&
    (asked.topic === undefined || project.settings.topics.includes(asked.topic)) &&
    (asked.id_after === undefined || project.id > asked.id_after) &&
    (asked.id_before === undefined || project.id < asked.id_before) &&
    searched.toLowerCase().includes(asked.search?.toLowerCase() ?? "")
  );
}
