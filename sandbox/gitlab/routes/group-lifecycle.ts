/** Groups: transfer, archiving, deletion. https://docs.gitlab.com/api/groups/#delete-a-group */
import type { FastifyInstance } from "fastify";
import { findGroup, lookupGroup, role, roleInNamespace } from "../access.ts";
import { userOf } from "../auth.ts";
import { type Context, today } from "../context.ts";
import { flag, integer, parameters, readInput, text } from "../input.ts";
import { fullPath } from "../paths.ts";
import { toGroup } from "../present.ts";
import { removeGroup, toMarkedNames } from "../removal.ts";
import { accepted, created, refusal } from "../reply.ts";

const transferInput = parameters({ group_id: integer.optional() });
const deleteInput = parameters({
  permanently_remove: flag.default(false),
  full_path: text.optional(),
});

export function groupLifecycleRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post("/groups/:id/transfer", (request, reply) => {
    const { group_id } = readInput(request, transferInput);
    const group = findGroup(request, context, role.owner);
    const parent = group_id === undefined ? undefined : lookupGroup(store, `${group_id}`);
    if (group_id !== undefined && !parent) throw refusal.notFound("Group");
    if (parent && roleInNamespace(store, userOf(request), parent) < role.maintainer)
      throw refusal.forbidden();
    if ((parent?.id ?? null) === group.parent_id)
      throw transferFailed(
        parent
          ? "Group is already associated to the parent group."
          : "Group is already a root group.",
      );
    if (parent && `${fullPath(store, parent)}/`.startsWith(`${fullPath(store, group)}/`))
      throw transferFailed("Cannot transfer group to one of its subgroup.");
    if (hasPath(parent?.id ?? null, group.path))
      throw transferFailed(
        "The parent group already has a subgroup or a project with the same path.",
      );
    store.namespaces.update(group, { parent_id: parent?.id ?? null });
    return created(reply, toGroup(request, store, group, { single: true }));
  });

  api.delete("/groups/:id", async (request, reply) => {
    const input = readInput(request, deleteInput);
    const group = findGroup(request, context, role.owner);
    if (input.permanently_remove) {
      if (group.parent_id === null)
        throw refusal.sentence(400, "`permanently_remove` option is only available for subgroups.");
      if (!group.marked_for_deletion_on)
        throw refusal.sentence(400, "Group must be marked for deletion first.");
      if (input.full_path !== fullPath(store, group))
        throw refusal.sentence(
          400,
          "`full_path` is incorrect. You must enter the complete path for the subgroup.",
        );
      await removeGroup(context, group);
      return accepted(reply);
    }
    if (group.marked_for_deletion_on)
      throw refusal.sentence(400, "Group has been already marked for deletion");
    if (context.deletesAtOnce) {
      await removeGroup(context, group);
      return accepted(reply);
    }
    store.namespaces.update(group, {
      ...toMarkedNames(group),
      marked_for_deletion_on: today(context),
    });
    return accepted(reply);
  });

  api.post("/groups/:id/archive", (request, reply) => {
    readInput(request, parameters({}));
    const group = findGroup(request, context, role.owner);
    store.namespaces.update(group, { archived: true });
    return created(reply, toGroup(request, store, group, { single: true }));
  });

  function hasPath(parentId: number | null, path: string): boolean {
    const isTaken = (row: { path: string }) => row.path.toLowerCase() === path.toLowerCase();
    return (
      store.namespaces.find(
        (row) => (row.kind === "group" ? row.parent_id : null) === parentId && isTaken(row),
      ) !== undefined ||
      store.projects.find((row) => row.namespace_id === parentId && isTaken(row)) !== undefined
    );
  }
}

function transferFailed(reason: string) {
  return refusal.sentence(400, `Transfer failed: ${reason}`);
}
