import type { Context } from "../context.ts";
import type { Project, User } from "../entities.ts";
import { findCommit } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { createPipeline } from "./create.ts";
import { maySetVariables } from "./override.ts";
import type { PipelineVariable } from "./rows.ts";

/** A branch or tag that a push moved. */
export interface RefUpdate {
  /** Full name, such as `refs/heads/main`. */
  ref: string;
  /** Commit before; zeros where there was none. */
  before: string;
  /** Commit after; zeros where it was deleted. */
  after: string;
}

/** Makes the pipelines of a push: one for every branch and tag that it moved. */
export async function createPushPipelines(
  context: Context,
  project: Project,
  user: User,
  updates: readonly RefUpdate[],
  options: readonly string[] = [],
): Promise<void> {
  if (project.archived || project.settings.builds_access_level === "disabled") return;
  const directory = repositoryDirectory(context.directory, project.id);
  const given = readVariables(options);
  if (given.length > 0 && !maySetVariables(context.store, user, project)) return;
  for (const { ref, before, after } of updates) {
    const [, family, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
    if (name === undefined || /^0+$/.test(after)) continue;
    const sha = await findCommit(directory, after);
    if (sha === undefined) continue;
    await createPipeline(context, {
      project,
      user,
      source: "push",
      ref: name,
      tag: family === "tags",
      sha,
      before,
      variables: given,
      skip: options.includes("ci.skip"),
    });
  }
}

/** https://docs.gitlab.com/topics/git/commit/#push-options-for-gitlab-cicd */
function readVariables(options: readonly string[]): PipelineVariable[] {
  return options.flatMap((option) => {
    const [, key, value] = /^ci\.variable="?(\w+)=(.*?)"?$/s.exec(option) ?? [];
    if (key === undefined || value === undefined) return [];
    return [{ key, value, variable_type: "env_var" as const, raw: false }];
  });
}
