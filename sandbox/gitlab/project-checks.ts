import { lookupGroup, role, roleInNamespace } from "./access.ts";
import type { Namespace, Project, User, Visibility } from "./entities.ts";
import { checkProjectNames, type FieldFaults, fault } from "./names.ts";
import { fullPath } from "./paths.ts";
import { refusal, refuseFaults } from "./reply.ts";
import type { Store } from "./store.ts";

/** From the few to all. */
const visibilities: readonly Visibility[] = ["private", "internal", "public"];

/** Where a project is to stand. */
export interface ProjectPlace {
  name: string;
  path: string;
  namespace_id: number;
}

/** Refuses a project whose names break the rules or are taken; `self` is the one being changed. */
export function checkProjectFaults(store: Store, place: ProjectPlace, self?: Project): void {
  refuseFaults(checkProjectNames(place.name, place.path));
  refuseFaults(listTaken(store, place, self));
}

/** Refuses a project that more people would see than its group. */
export function checkVisibility(visibility: Visibility, namespace: Namespace): void {
  if (namespace.kind === "user") return;
  if (visibilities.indexOf(visibility) <= visibilities.indexOf(namespace.visibility)) return;
  const sentence = `${visibility} is not allowed in a ${namespace.visibility} group.`;
  throw refusal.invalid({ visibility_level: [sentence] });
}

/** The namespace a user may create or move projects in; 400 as GitLab words it otherwise. */
export function findTargetNamespace(store: Store, user: User, id: number | undefined): Namespace {
  const namespace =
    id === undefined
      ? store.namespaces.find((row) => row.kind === "user" && row.owner_id === user.id)
      : store.namespaces.get(id);
  if (!namespace || !canCreateProject(store, user, namespace))
    throw refusal.invalid({ namespace: ["is not valid"] });
  return namespace;
}

/** A namespace by number or full path. */
export function lookupNamespace(store: Store, given: string): Namespace | undefined {
  const byNumber = /^\d+$/.test(given) ? store.namespaces.get(Number(given)) : undefined;
  return (
    byNumber ??
    lookupGroup(store, given) ??
    store.namespaces.find((row) => fullPath(store, row) === given)
  );
}

const creationRoles = {
  noone: Number.POSITIVE_INFINITY,
  administrator: role.admin,
  owner: role.owner,
  maintainer: role.maintainer,
  developer: role.developer,
};

/** Whether a user may have projects in a namespace, by the group's project_creation_level. */
export function canCreateProject(store: Store, user: User, namespace: Namespace): boolean {
  const needed =
    namespace.kind === "user"
      ? role.owner
      : creationRoles[namespace.settings.project_creation_level];
  return roleInNamespace(store, user, namespace) >= needed;
}

function listTaken(store: Store, { name, path, namespace_id }: ProjectPlace, self?: Project) {
  const siblings = store.projects.filter(
    (row) => row.namespace_id === namespace_id && row.id !== self?.id,
  );
  const groups = store.namespaces.filter(
    (row) => row.kind === "group" && row.parent_id === namespace_id,
  );
  const isPathTaken = [...siblings, ...groups].some(
    (row) => row.path.toLowerCase() === path.toLowerCase(),
  );
  const faults: FieldFaults = {};
  if (siblings.some((row) => row.name === name)) {
    faults["project_namespace.name"] = [fault.taken];
    faults.name = [fault.taken];
  }
  if (isPathTaken) faults.path = [fault.taken];
  return faults;
}
