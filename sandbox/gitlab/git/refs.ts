import { GitError, readLine, runGit } from "./command.ts";
import { toDate } from "./dates.ts";

/** A branch or a tag as git stores it. */
export interface GitRef {
  name: string;
  /** The commit it leads to; an annotated tag is followed. */
  commit: string;
  /** The object the ref names: the commit, or an annotated tag's own. */
  target: string;
  /** The message of an annotated tag; undefined for branches and lightweight tags. */
  message?: string;
  /** When an annotated tag was made, ISO 8601. */
  taggedAt?: string;
}

/** The two families of refs that GitLab shows. */
export type RefFamily = "heads" | "tags";

const zeroId = "0".repeat(40);

/** The commit a branch, tag or commit id leads to; undefined when there is none. */
export async function findCommit(directory: string, ref: string): Promise<string | undefined> {
  try {
    const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
    return await readLine(directory, args);
  } catch (error) {
    if (error instanceof GitError && (error.status === 1 || error.status === 128)) return undefined;
    throw error;
  }
}

/** The commit of one branch or tag; undefined when it does not exist. */
export function findRef(
  directory: string,
  family: RefFamily,
  name: string,
): Promise<string | undefined> {
  return findCommit(directory, `refs/${family}/${name}`);
}

const fields = [
  "refname:lstrip=2",
  "objecttype",
  "objectname",
  "*objectname",
  "taggerdate:iso8601-strict",
  "contents",
];

/** All branches or all tags, sorted by name. */
export async function listRefs(directory: string, family: RefFamily): Promise<GitRef[]> {
  const format = fields.map((field) => `%(${field})`).join("%00");
  const args = ["for-each-ref", `--format=${format}%01`, `refs/${family}`];
  const text = (await runGit(directory, args)).toString("utf8");
  return text
    .split("\u0001\n")
    .filter((record) => record !== "")
    .map(toRef);
}

function toRef(record: string): GitRef {
  const [name = "", type, target = "", peeled = "", date = "", contents = ""] = record.split("\0");
  if (type !== "tag") return { name, commit: target, target };
  return { name, commit: peeled, target, message: contents.trimEnd(), taggedAt: toDate(date) };
}

/** The names of the branches that are part of a commit's history. */
export async function listMerged(directory: string, commit: string): Promise<Set<string>> {
  const format = "--format=%(refname:lstrip=2)";
  const names = await readLine(directory, [
    "for-each-ref",
    `--merged=${commit}`,
    format,
    "refs/heads",
  ]);
  return new Set(names.split("\n"));
}

/** Whether git accepts the name for a branch or tag. */
export async function isRefName(
  directory: string,
  family: RefFamily,
  name: string,
): Promise<boolean> {
  try {
    await runGit(directory, ["check-ref-format", `refs/${family}/${name}`]);
    return !name.startsWith("-");
  } catch (error) {
    if (error instanceof GitError && error.status === 1) return false;
    throw error;
  }
}

/**
 * Moves a ref from one commit to another in one step.
 *
 * @param from the commit the ref must still have; undefined when it must not exist yet.
 * @param to the commit it gets; undefined deletes it.
 * @returns false when the ref was moved by somebody else meanwhile.
 */
export async function moveRef(
  directory: string,
  ref: string,
  from: string | undefined,
  to: string | undefined,
): Promise<boolean> {
  const old = from ?? zeroId;
  const args = to === undefined ? ["-d", ref, old] : [ref, to, old];
  try {
    await runGit(directory, ["update-ref", ...args]);
    return true;
  } catch (error) {
    if (error instanceof GitError && error.stderr.includes("cannot lock ref")) return false;
    throw error;
  }
}

/** Makes HEAD name another branch, which is how git stores the default branch. */
export async function setHead(directory: string, branch: string): Promise<void> {
  await runGit(directory, ["symbolic-ref", "HEAD", `refs/heads/${branch}`]);
}
