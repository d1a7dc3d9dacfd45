import type { FastifyRequest } from "fastify";
import { findGroup, findProject } from "./access.ts";
import type { Context } from "./context.ts";
import type { Parent } from "./entities.ts";

/** The two families of routes that GitLab offers for projects and groups alike. */
export const parentFamilies = ["projects", "groups"] as const;

export type ParentFamily = (typeof parentFamilies)[number];

/** Role a caller needs, by family. */
export type NeededRoles = Record<ParentFamily, number>;

/** The project or group named by `:id` in a path of `family`; 404 and 403 as usual. */
export function findParent(
  request: FastifyRequest,
  context: Context,
  family: ParentFamily,
  needed: NeededRoles,
): Parent {
  return family === "projects"
    ? { kind: "project", id: findProject(request, context, needed.projects).id }
    : { kind: "group", id: findGroup(request, context, needed.groups).id };
}

/** Matches the rows a project or group owns. */
export function ownedBy(parent: Parent): (row: { parent: Parent }) => boolean {
  return (row) => row.parent.kind === parent.kind && row.parent.id === parent.id;
}
