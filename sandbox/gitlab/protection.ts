import { role } from "./access.ts";
import type { AccessLevel, Project } from "./entities.ts";
import { branchProtections } from "./push-access.ts";
import type { Store } from "./store.ts";

/**
 * Protects the default branch as the group demands; call it after the first commit of an empty
 * repository. A branch protected already is left alone.
 * https://docs.gitlab.com/user/project/repository/branches/default/#protect-initial-default-branches
 */
export function protectDefaultBranch(store: Store, project: Project): void {
  const namespace = store.namespaces.require(project.namespace_id);
  const settings = namespace.kind === "group" ? namespace.settings : undefined;
  if (settings?.default_branch_protection === 0) return;
  if (branchProtections(store, project, project.default_branch).length > 0) return;
  const defaults = settings?.default_branch_protection_defaults;
  store.protectedBranches.insert({
    project_id: project.id,
    name: project.default_branch,
    push_access_levels: toLevels(defaults?.allowed_to_push),
    merge_access_levels: toLevels(defaults?.allowed_to_merge),
    allow_force_push: defaults?.allow_force_push ?? false,
  });
}

function toLevels(given: { access_level: number }[] = [{ access_level: role.maintainer }]) {
  return given.map(({ access_level }, index): AccessLevel => ({ id: index + 1, access_level }));
}
