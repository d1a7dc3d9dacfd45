import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInProject, seesProject } from "./access.ts";
import type { Project } from "./entities.ts";
import { flag, paging, parameters, text } from "./input.ts";
import type { Store } from "./store.ts";

/** Parameters of `GET /projects`. https://docs.gitlab.com/api/projects/#list-all-projects */
export const projectSearch = parameters({
  ...paging,
  search: text.optional(),
  owned: flag.default(false),
  membership: flag.default(false),
  archived: flag.optional(),
  visibility: z.enum(["private", "internal", "public"]).optional(),
  simple: flag.optional(),
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
      seesProject(store, request, row) && isHeld(store, request, row, asked) && isLike(row, asked),
  );
}

/** `rows` in the order asked for. */
export function inOrder(rows: Project[], { order_by, sort }: ProjectSearch): Project[] {
  const rising = rows.toSorted(
    (left, right) =>
      `${left[order_by]}`.localeCompare(`${right[order_by]}`, "en", { numeric: true }) ||
      left.id - right.id,
  );
  return sort === "desc" ? rising.reverse() : rising;
}

/** Whether the caller's own role fits; an administrator's rights do not count as membership. */
function isHeld(store: Store, request: FastifyRequest, project: Project, asked: ProjectSearch) {
  const user = request.caller?.user;
  const held = user ? roleInProject(store, { ...user, admin: false }, project) : role.none;
  return (!asked.owned || held >= role.owner) && (!asked.membership || held > role.none);
}

function isLike(project: Project, asked: ProjectSearch): boolean {
  const searched = `${project.name}\n${project.path}\n${project.description ?? ""}`;
  return (
    (asked.archived === undefined || project.archived === asked.archived) &&
    (asked.visibility === undefined || project.visibility === asked.visibility) &&
    searched.toLowerCase().includes(asked.search?.toLowerCase() ?? "")
  );
}
