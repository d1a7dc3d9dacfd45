/** Projects: archiving, transfer, deletion. https://docs.gitlab.com/api/projects/#delete-a-project */
import type { FastifyInstance } from "fastify";
import { findProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import { type Context, timestamp, today } from "../context.ts";
import type { Project } from "../entities.ts";
import { flag, parameters, readInput, text } from "../input.ts";
import { projectPath } from "../paths.ts";
import { canCreateProject, checkProjectFaults, lookupNamespace } from "../project-checks.ts";
import { removeProject, toMarkedNames } from "../removal.ts";
import { accepted, created, refusal } from "../reply.ts";
import type { Store } from "../store.ts";
import { toSingle } from "./projects.ts";

const transferInput = parameters({ namespace: text });
const deleteInput = parameters({
  permanently_remove: flag.default(false),
  full_path: text.optional(),
});

export function projectLifecycleRoutes(api: FastifyInstance, context: Context): void {
  addArchiving(api, context);
  addTransfer(api, context);
  addDeletion(api, context);
}

function addArchiving(api: FastifyInstance, context: Context): void {
  for (const [verb, archived] of [
    ["archive", true],
    ["unarchive", false],
  ] as const)
    api.post(`/projects/:id/${verb}`, async (request, reply) => {
      readInput(request, parameters({}));
      const project = findProject(request, context, role.owner);
      context.store.projects.update(project, { archived, updated_at: timestamp(context) });
      return created(reply, await toSingle(request, context, project));
    });
}

function addTransfer(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.put("/projects/:id/transfer", async (request) => {
    const input = readInput(request, transferInput);
    const project = findProject(request, context, role.owner);
    const target = lookupNamespace(store, input.namespace);
    if (!target) throw refusal.notFound("Namespace");
    if (!canCreateProject(store, userOf(request), target)) throw refusal.forbidden();
    if (target.id === project.namespace_id)
      throw refusal.sentence(
        400,
        'Failed to transfer project {new_namespace: ["Project is already in this namespace."]}',
      );
    checkProjectFaults(store, { ...project, namespace_id: target.id }, project);
    leaveRedirect(store, project);
    store.projects.update(project, { namespace_id: target.id, updated_at: timestamp(context) });
    return toSingle(request, context, project);
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  api.delete("/projects/:id", async (request, reply) => {
    const input = readInput(request, deleteInput);
    const project = findProject(request, context, role.owner);
    if (input.permanently_remove) refusePermanentRemoval(context.store, project, input.full_path);
    else if (project.marked_for_deletion_at)
      throw refusal.sentence(400, "Project has been already marked for deletion");
    if (input.permanently_remove || context.deletesAtOnce) await removeProject(context, project);
    else markForDeletion(context, project);
    return accepted(reply);
  });
}

/** Only a marked project that is named in full goes for good. */
function refusePermanentRemoval(store: Store, project: Project, named: string | undefined): void {
  if (!project.marked_for_deletion_at)
    throw refusal.sentence(400, "Project must be marked for deletion first.");
  if (named !== projectPath(store, project))
    throw refusal.sentence(
      400,
      "`full_path` is incorrect. You must enter the complete path for the project.",
    );
}

function markForDeletion(context: Context, project: Project): void {
  leaveRedirect(context.store, project);
  context.store.projects.update(project, {
    ...toMarkedNames(project),
    archived: true,
    marked_for_deletion_at: today(context),
  });
}

function leaveRedirect(store: Store, project: Project): void {
  store.redirects.insert({ path: projectPath(store, project), project_id: project.id });
}
