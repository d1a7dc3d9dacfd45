import type { FastifyRequest } from "fastify";
import { findProject, role, roleInProject } from "./access.ts";
import { userOf } from "./auth.ts";
import type { Context } from "./context.ts";
import type { Project, User } from "./entities.ts";
import { findCommit } from "./git/refs.ts";
import { repositoryDirectory } from "./git/repository.ts";
import { canPush } from "./push-access.ts";
import { refusal } from "./reply.ts";

/** A project and the bare repository that belongs to it. */
export interface ProjectRepository {
  project: Project;
  directory: string;
}

/** The repository that a request reads; guests of a private project may not. */
export function findReadable(request: FastifyRequest, context: Context): ProjectRepository {
  const project = findProject(request, context);
  const user = request.caller?.user;
  const own = user ? roleInProject(context.store, user, project) : role.none;
  if (project.visibility === "private" && own < role.reporter) throw refusal.forbidden();
  return toRepository(context, project);
}

/** The repository that a request writes, and who writes; 403 below developer and when archived. */
export function findWritable(
  request: FastifyRequest,
  context: Context,
): ProjectRepository & { user: User } {
  const project = findProject(request, context, role.developer);
  if (project.archived) throw refusal.forbidden();
  return { ...toRepository(context, project), user: userOf(request) };
}

function toRepository(context: Context, project: Project): ProjectRepository {
  return { project, directory: repositoryDirectory(context.directory, project.id) };
}

/** What GitLab says when a protection keeps a user from a branch. */
export const pushRefused = "You are not allowed to push into this branch";

/** Whether a branch is closed to a user by its protection. */
export function isClosed({ store }: Context, project: Project, user: User, branch: string) {
  return !canPush(store, user, project, branch);
}

/** The commit at a branch, tag or id; 404 when there is none. */
export async function requireCommit(directory: string, ref: string): Promise<string> {
  const commit = await findCommit(directory, ref);
  if (commit === undefined) throw refusal.notFound("Commit");
  return commit;
}
