import type { Context } from "./context.ts";
import type { User } from "./entities.ts";
import { afterWrite } from "./git/after-write.ts";
import { type CommitRequest, createCommit, type ExpectedCommit, isEmpty } from "./git/commit.ts";
import { CommitRefused } from "./git/commit-refused.ts";
import { findRef, isRefName } from "./git/refs.ts";
import { createPushPipelines } from "./pipelines/on-push.ts";
import { refusal } from "./reply.ts";
import type { ProjectRepository } from "./repository-access.ts";

/** A commit as the REST API asks for it. */
export interface WantedCommit extends Pick<CommitRequest, "branch" | "actions" | "startBranch"> {
  message: string;
  authorName?: string;
  authorEmail?: string;
}

/**
 * Commits in a user's name and brings the project in line.
 *
 * @returns the id of the new commit.
 * @throws Refusal 400 with GitLab's sentence when the commit is not possible.
 */
export async function writeCommit(
  context: Context,
  { project, directory, user }: ProjectRepository & { user: User },
  { authorName, authorEmail, ...wanted }: WantedCommit,
  expected: readonly ExpectedCommit[] = [],
): Promise<string> {
  await checkBranchName(directory, wanted.branch);
  const author = { name: authorName ?? user.name, email: authorEmail ?? user.email };
  const committer = { name: user.name, email: user.email };
  const request = { ...wanted, author, committer, date: context.now() };
  const first = await isEmpty(directory);
  const before = (await findRef(directory, "heads", wanted.branch)) ?? "0".repeat(40);
  const commit = await refusing(() => createCommit(directory, request, expected));
  await afterWrite(context, project, { first });
  const update = { ref: `refs/heads/${wanted.branch}`, before, after: commit };
  await createPushPipelines(context, project, user, [update]);
  return commit;
}

async function checkBranchName(directory: string, branch: string): Promise<void> {
  if (await isRefName(directory, "heads", branch)) return;
  const reason = "Branch name is invalid";
  throw refusal.sentence(
    400,
    `Something went wrong when we tried to create '${branch}' for you: ${reason}`,
  );
}

async function refusing(commit: () => Promise<string>): Promise<string> {
  try {
    return await commit();
  } catch (error) {
    if (error instanceof CommitRefused) throw refusal.sentence(400, error.message);
    throw error;
  }
}
