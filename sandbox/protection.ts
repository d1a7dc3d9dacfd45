import { role } from "./access.ts";
import type { AccessLevel, Project, ProtectedBranch } from "./entities.ts";
import { branchProtections } from "./push-access.ts";
import type { Store } from "./store.ts";

/**
 * Protects the default branch as GitLab does once it exists: maintainers push and merge, nobody
 * rewrites. A branch that is protected already stays as it is.
 * https://docs.gitlab.com/user/project/repository/branches/default/
 */
export function protectDefaultBranch(store: Store, project: Project): void {
  if (branchProtections(store, project, project.default_branch).length > 0) return;
  store.protectedBranches.insert({
    project_id: project.id,
    name: project.default_branch,
    push_access_levels: [toLevel(store, role.maintainer, 1)],
    merge_access_levels: [toLevel(store, role.maintainer, 1)],
    allow_force_push: false,
  });
}

/** Access levels are numbered of their own in GitLab; here after the rows before them. */
function toLevel(store: Store, level: number, offset: number): AccessLevel {
  const used = (row: ProtectedBranch) =>
    [...row.push_access_levels, ...row.merge_access_levels].map(({ id }) => id);
  return {
    id: Math.max(0, ...store.protectedBranches.all().flatMap(used)) + offset,
    access_level: level,
  };
}
