import { type Context, timestamp } from "../context.ts";
import type { Project } from "../entities.ts";
import { protectDefaultBranch } from "../protection.ts";
import { listRefs, setHead } from "./refs.ts";
import { repositoryDirectory } from "./repository.ts";

/**
 * Brings a project's row in line with its repository after a push or a commit.
 *
 * A first push to another branch than the default one makes that branch the default, `main` and
 * `master` before others, and the default branch is protected once it exists, as GitLab does.
 *
 * @param first whether the repository was empty before.
 */
export async function afterWrite(
  context: Context,
  project: Project,
  { first }: { first: boolean },
): Promise<void> {
  const directory = repositoryDirectory(context.directory, project.id);
  const names = (await listRefs(directory, "heads")).map((branch) => branch.name);
  const wanted = [project.default_branch, "main", "master", ...names];
  const branch = wanted.find((name) => names.includes(name)) ?? project.default_branch;
  if (branch !== project.default_branch) await setHead(directory, branch);
  context.store.projects.update(project, {
    default_branch: branch,
    last_activity_at: timestamp(context),
  });
  if (first && names.length > 0) protectDefaultBranch(context.store, project);
}
