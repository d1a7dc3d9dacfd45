import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./command.ts";
import { createCommit, type Person } from "./commit.ts";
import { setHead } from "./refs.ts";

/** What a new repository starts with. */
export interface NewRepository {
  /** The branch that HEAD names, whether or not it exists yet. */
  defaultBranch: string;
  /** A first commit that holds only README.md; the repository stays empty without it. */
  readme?: { content: string; author: Person; date: Date };
}

/**
 * Where the bare repository of a project lies.
 *
 * @param root the sandbox's data folder.
 */
export function repositoryDirectory(root: string, projectId: number): string {
  return join(root, "repositories", `${projectId}.git`);
}

/**
 * Makes a bare repository.
 *
 * @param directory the repository; its parents are made too.
 */
export async function createRepository(
  directory: string,
  { defaultBranch, readme }: NewRepository,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await runGit(directory, ["init", "--bare", "--quiet", "--template="]);
  await setHead(directory, defaultBranch);
  if (readme === undefined) return;
  await createCommit(directory, {
    branch: defaultBranch,
    message: "Initial commit",
    actions: [{ action: "create", path: "README.md", content: Buffer.from(readme.content) }],
    author: readme.author,
    committer: readme.author,
    date: readme.date,
  });
}

/** Removes a repository; one that is not there is already removed. */
export async function removeRepository(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}
