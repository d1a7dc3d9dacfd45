import type { Namespace, Project } from "./entities.ts";
import type { Store } from "./store.ts";

/** `infra/tools`: the path of a namespace from the top. */
export function fullPath(store: Store, namespace: Namespace): string {
  return joined(store, namespace, "path", "/");
}

/** `Infra / Tools`: the names of a namespace from the top. */
export function fullName(store: Store, namespace: Namespace): string {
  return joined(store, namespace, "name", " / ");
}

/** `infra/datahook`: what GitLab calls path_with_namespace. */
export function projectPath(store: Store, project: Project): string {
  return `${fullPath(store, store.namespaces.require(project.namespace_id))}/${project.path}`;
}

function joined(
  store: Store,
  namespace: Namespace,
  field: "path" | "name",
  separator: string,
): string {
  const parent = namespace.kind === "group" ? store.namespaces.get(namespace.parent_id) : undefined;
  const own = namespace[field];
  return parent ? `${joined(store, parent, field, separator)}${separator}${own}` : own;
}
