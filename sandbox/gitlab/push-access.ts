import { role, roleInProject } from "./access.ts";
import type { AccessLevel, Project, ProtectedBranch, ProtectedTag, User } from "./entities.ts";
import type { Store } from "./store.ts";

/**
 * Who may move which branch or tag.
 * https://docs.gitlab.com/user/project/repository/branches/protected/
 */

/** Whether a protected name, which may hold `*` for any text, covers a branch or tag. */
export function coversName(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === name;
  const last = rest.pop() ?? "";
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

/** The protections that cover a branch, whether or not the branch exists. */
export function branchProtections(
  store: Store,
  project: Project,
  branch: string,
): ProtectedBranch[] {
  return store.protectedBranches.filter(
    (row) => row.project_id === project.id && coversName(row.name, branch),
  );
}

/** The protections that cover a tag, whether or not the tag exists. */
export function tagProtections(store: Store, project: Project, tag: string): ProtectedTag[] {
  return store.protectedTags.filter(
    (row) => row.project_id === project.id && coversName(row.name, tag),
  );
}

/** Whether a user may push to a branch, or make it. */
export function canPush(store: Store, user: User, project: Project, branch: string): boolean {
  const own = roleInProject(store, user, project);
  const protections = branchProtections(store, project, branch);
  if (protections.length === 0) return own >= role.developer;
  return protections.some((row) => allows(row.push_access_levels, own));
}

/** Whether a user may make a tag. */
export function canCreateTag(store: Store, user: User, project: Project, tag: string): boolean {
  const own = roleInProject(store, user, project);
  const protections = tagProtections(store, project, tag);
  if (protections.length === 0) return own >= role.developer;
  return protections.some((row) => allows(row.create_access_levels, own));
}

/** Whether a role is among those allowed; the level 0 stands for no one, administrators included. */
export function allows(levels: readonly AccessLevel[], own: number): boolean {
  return levels.some((level) => level.access_level > role.none && own >= level.access_level);
}
