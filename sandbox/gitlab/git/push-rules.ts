import { fileURLToPath } from "node:url";
import { roleInProject } from "../access.ts";
import type { Project, User } from "../entities.ts";
import { allows } from "../push-access.ts";
import type { Store } from "../store.ts";

const hooksDirectory = fileURLToPath(new URL("hooks", import.meta.url));

/**
 * The environment that makes git's pre-receive hook hold the protections of a project.
 *
 * The hook is the one place that sees both the refs of a push and its objects, which the check
 * for rewriting needs.
 */
export function pushRules(store: Store, project: Project, user: User): Record<string, string> {
  const own = roleInProject(store, user, project);
  const branches = store.protectedBranches.filter((row) => row.project_id === project.id);
  const tags = store.protectedTags.filter((row) => row.project_id === project.id);
  return {
    GIT_CONFIG_COUNT: "3",
    GIT_CONFIG_KEY_0: "core.hooksPath",
    GIT_CONFIG_VALUE_0: hooksDirectory,
    GIT_CONFIG_KEY_1: "receive.advertisePushOptions",
    GIT_CONFIG_VALUE_1: "true",
    GIT_CONFIG_KEY_2: "receive.hideRefs",
    GIT_CONFIG_VALUE_2: "refs/pipelines",
    DEFAULT_REF: `refs/heads/${project.default_branch}`,
    PROTECTED: toRefs("heads", branches),
    MAY_PUSH: toRefs(
      "heads",
      branches.filter((row) => allows(row.push_access_levels, own)),
    ),
    MAY_FORCE: toRefs(
      "heads",
      branches.filter((row) => row.allow_force_push),
    ),
    PROTECTED_TAGS: toRefs("tags", tags),
    MAY_TAG: toRefs(
      "tags",
      tags.filter((row) => allows(row.create_access_levels, own)),
    ),
  };
}

function toRefs(family: "heads" | "tags", rows: readonly { name: string }[]): string {
  return rows.map((row) => `refs/${family}/${row.name}`).join("\n");
}
