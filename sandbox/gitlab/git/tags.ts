import { GitError, runGit } from "./command.ts";
import type { Person } from "./commit.ts";
import { moveRef } from "./refs.ts";

/** A tag to make. */
export interface NewTag {
  name: string;
  /** The commit it leads to. */
  commit: string;
  /** Makes the tag an annotated one. */
  annotation?: { message: string; tagger: Person; date: Date };
}

/** Makes a tag; gives false when the name is taken. */
export async function createTag(
  directory: string,
  { name, commit, annotation }: NewTag,
): Promise<boolean> {
  if (annotation === undefined) return moveRef(directory, `refs/tags/${name}`, undefined, commit);
  const { message, tagger, date } = annotation;
  const env = {
    GIT_COMMITTER_NAME: tagger.name,
    GIT_COMMITTER_EMAIL: tagger.email,
    GIT_COMMITTER_DATE: `${Math.floor(date.getTime() / 1000)} +0000`,
  };
  try {
    const args = ["tag", "--annotate", "--cleanup=verbatim", "--file=-", "--", name, commit];
    await runGit(directory, args, { input: message, env });
    return true;
  } catch (error) {
    if (error instanceof GitError && error.stderr.includes("already exists")) return false;
    throw error;
  }
}
