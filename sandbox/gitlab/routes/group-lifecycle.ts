/** Groups: transfer, archiving, deletion. https://docs.gitlab.com/api/groups/#delete-a-group */
import type { FastifyInstance } from "fastify";
import { findGroup, lookupGroup, role, roleInNamespace } from "../access.ts";
import { userOf } from "../auth.ts";
import { type Context, today } from "../context.ts";
import type { Group } from "../entities.ts";
import { flag, integer, parameters, readInput, text } from "../input.ts";
import { fullPath } from "../paths.ts";
import { toGroup } from "../present.ts";
import { removeGroup, toMarkedNames } from "../removal.ts";
import { accepted, created, refusal } from "../reply.ts";
import type { Store } from "../store.ts";

const transferInput = parameters({ group_id: integer.optional() });
const deleteInput = parameters({
  permanently_remove: flag.default(false),
  full_path: text.optional(),
});

export function groupLifecycleRoutes(api: FastifyInstance, context: Context): void {
  addTransfer(api, context);
  addArchiving(api, context);
  addDeletion(api, context);
}

function addTransfer(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post("/groups/:id/transfer", (request, reply) => {
    const { group_id } = readInput(request, transferInput);
    const group = findGroup(request, context, role.owner);
    const parent = group_id === undefined ? undefined : lookupGroup(store, `${group_id}`);
    if (group_id !== undefined && !parent) throw refusal.notFound("Group");
    if (parent && roleInNamespace(store, userOf(request), parent) < role.maintainer)
      throw refusal.forbidden();
    refuseTransfer(store, group, parent);
    store.namespaces.update(group, { parent_id: parent?.id ?? null });
    return created(reply, toGroup(request, store, group, { single: true }));
  });
}

/** Refuses a place where the group is, which is below it, or where another bears its path. */
function refuseTransfer(store: Store, group: Group, parent: Group | undefined): void {
  const target = parent?.id ?? null;
  if (target === group.parent_id)
    throw transferFailed(
      parent
        ? "Group is already associated to the parent group."
        : "Group is already a root group.",
    );
  if (parent && `${fullPath(store, parent)}/`.startsWith(`${fullPath(store, group)}/`))
    throw transferFailed("Cannot transfer group to one of its subgroup.");
  if (hasPath(store, target, group.path))
    throw transferFailed(
      "The parent group already has a subgroup or a project with the same path.",
    );
}

function hasPath(store: Store, parentId: number | null, path: string): boolean {
  const isTaken = (row: { path: string }) => row.path.toLowerCase() === path.toLowerCase();
  return (
    store.namespaces.find(
      (row) => (row.kind === "group" ? row.parent_id : null) === parentId && isTaken(row),
    ) !== undefined ||
    store.projects.find((row) => row.namespace_id === parentId && isTaken(row)) !== undefined
  );
}

function addArchiving(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post("/groups/:id/archive", (request, reply) => {
    readInput(request, parameters({}));
    const group = findGroup(request, context, role.owner);
    store.namespaces.update(group, { archived: true });
    return created(reply, toGroup(request, store, group, { single: true }));
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  const { store, deletesAtOnce } = context;

  api.delete("/groups/:id", async (request, reply) => {
    const input = readInput(request, deleteInput);
    const group = findGroup(request, context, role.owner);
    if (input.permanently_remove) refusePermanentRemoval(store, group, input.full_path);
    else if (group.marked_for_deletion_on)
      throw refusal.sentence(400, "Group has been already marked for deletion");
    const marked = { ...toMarkedNames(group), marked_for_deletion_on: today(context) };
    if (input.permanently_remove || deletesAtOnce) await removeGroup(context, group);
    else store.namespaces.update(group, marked);
    return accepted(reply);
  });
}

/** Only a marked subgroup that is named in full goes for good. */
function refusePermanentRemoval(store: Store, group: Group, named: string | undefined): void {
  if (group.parent_id === null)
    throw refusal.sentence(400, "`permanently_remove` option is only available for subgroups.");
  if (!group.marked_for_deletion_on)
    throw refusal.sentence(400, "Group must be marked for deletion first.");
  if (named !== fullPath(store, group))
    throw refusal.sentence(
      400,
      "`full_path` is incorrect. You must enter the complete path for the subgroup.",
    );
}

function transferFailed(reason: string) {
  return refusal.sentence(400, `Transfer failed: ${reason}`);
}
