import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readLine, runGit } from "./command.ts";
import { CommitRefused } from "./commit-refused.ts";
import { applyActions, type FileAction } from "./file-actions.ts";
import { findRef, moveRef } from "./refs.ts";
import { findLastCommit, listFiles, type TreeEntry } from "./tree.ts";

/** A person as git writes them into a commit. */
export interface Person {
  name: string;
  email: string;
}

/** What to commit, where and as whom. */
export interface CommitRequest {
  branch: string;
  message: string;
  actions: readonly FileAction[];
  author: Person;
  committer: Person;
  /** The time of the commit. */
  date: Date;
  /** The branch to start from; `branch` itself by default. Another one makes `branch` anew. */
  startBranch?: string;
}

/** A commit that the caller expects to be the last one that touched a path. */
export interface ExpectedCommit {
  path: string;
  lastCommitId: string;
  /** What to answer when another commit touched the path since. */
  message: string;
}

/**
 * Commits all actions at once, or nothing: the branch moves in one step, from the commit that the
 * actions were applied to.
 *
 * @returns the id of the new commit.
 * @throws CommitRefused in GitLab's words.
 */
export async function createCommit(
  directory: string,
  request: CommitRequest,
  expected: readonly ExpectedCommit[] = [],
): Promise<string> {
  const { branch, actions } = request;
  const tip = await findRef(directory, "heads", branch);
  const start = await findStart(directory, request, tip);
  for (const item of expected) await checkUnchanged(directory, start, item);
  const files = await applyActions(await listFiles(directory, start), actions, (content) =>
    writeBlob(directory, content),
  );
  const tree = await writeTree(directory, files);
  const commit = await writeCommit(directory, tree, start, request);
  if (!(await moveRef(directory, `refs/heads/${branch}`, tip, commit))) {
    throw new CommitRefused(
      "raced",
      `Could not update refs/heads/${branch}. Please refresh and try again.`,
    );
  }
  return commit;
}

/** The commit to build on; undefined for the first commit of an empty repository. */
async function findStart(
  directory: string,
  request: CommitRequest,
  tip: string | undefined,
): Promise<string | undefined> {
  const { branch, startBranch = branch } = request;
  if (startBranch !== branch) checkNewBranch(branch, tip);
  const start = startBranch === branch ? tip : await findRef(directory, "heads", startBranch);
  if (start === undefined && !(await isEmpty(directory))) {
    throw new CommitRefused(
      "branch-missing",
      "You can only create or edit files when you are on a branch",
    );
  }
  return start;
}

function checkNewBranch(branch: string, tip: string | undefined): void {
  if (tip === undefined) return;
  throw new CommitRefused(
    "branch-exists",
    `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
  );
}

/** Whether the repository has no branch yet. */
export async function isEmpty(directory: string): Promise<boolean> {
  return (await readLine(directory, ["for-each-ref", "--count=1", "refs/heads"])) === "";
}

async function checkUnchanged(
  directory: string,
  start: string | undefined,
  { path, lastCommitId, message }: ExpectedCommit,
): Promise<void> {
  const last = start === undefined ? "" : await findLastCommit(directory, start, path);
  if (last !== "" && last !== lastCommitId) throw new CommitRefused("file-changed", message);
}

function writeBlob(directory: string, content: Buffer): Promise<string> {
  return readLine(directory, ["hash-object", "-w", "--stdin"], { input: content });
}

/** Writes a tree through an index of its own, so that commits at the same time share nothing. */
async function writeTree(directory: string, files: Map<string, TreeEntry>): Promise<string> {
  const index = join(directory, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const rows = [...files.values()].map((entry) => `${entry.mode} ${entry.id}\t${entry.path}\0`);
  try {
    await runGit(directory, ["update-index", "-z", "--index-info"], { input: rows.join(""), env });
    return await readLine(directory, ["write-tree"], { env });
  } finally {
    await rm(index, { force: true });
  }
}

function writeCommit(
  directory: string,
  tree: string,
  parent: string | undefined,
  { message, author, committer, date }: CommitRequest,
): Promise<string> {
  const when = `${Math.floor(date.getTime() / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: when,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: when,
  };
  const parents = parent === undefined ? [] : ["-p", parent];
  return readLine(directory, ["commit-tree", tree, ...parents], { input: message, env });
}
