import { createHash } from "node:crypto";
import { readLine, readRecords, runGit } from "./command.ts";

/** A row of a git tree. */
export interface TreeEntry {
  /** The git mode, six digits: 100644, 100755, 120000, 160000 or 040000. */
  mode: string;
  type: "blob" | "tree" | "commit";
  id: string;
  /** The path from the root of the repository. */
  path: string;
}

/** A file at one commit. */
export interface FileAtCommit {
  path: string;
  content: Buffer;
  blobId: string;
  /** The SHA-256 of the content, hexadecimal. */
  sha256: string;
  /** The newest commit, at or before the one asked for, that touched the path. */
  lastCommitId: string;
  executable: boolean;
}

/**
 * Lists a folder of a commit, folders first as GitLab shows them.
 *
 * @param path the folder from the root; empty for the root itself.
 * @param recursive whether to go into folders, which then appear themselves too.
 */
export async function listTree(
  directory: string,
  commit: string,
  path = "",
  recursive = false,
): Promise<TreeEntry[]> {
  const folder = path.replace(/\/+$/, "");
  const where = folder === "" ? [] : ["--", `${folder}/`];
  const args = ["ls-tree", "-z", ...(recursive ? ["-r", "-t"] : []), commit, ...where];
  const entries = (await readRecords(directory, args)).map(toEntry);
  const inside = entries.filter((entry) => folder === "" || entry.path.startsWith(`${folder}/`));
  return [
    ...inside.filter((entry) => entry.type === "tree"),
    ...inside.filter((entry) => entry.type !== "tree"),
  ];
}

/** Every file of a commit, keyed by path; empty for no commit. */
export async function listFiles(
  directory: string,
  commit: string | undefined,
): Promise<Map<string, TreeEntry>> {
  if (commit === undefined) return new Map();
  const rows = await readRecords(directory, ["ls-tree", "-r", "-z", commit]);
  return new Map(rows.map(toEntry).map((entry) => [entry.path, entry]));
}

/** Reads a file of a commit; undefined when the path is missing or is a folder. */
export async function findFile(
  directory: string,
  commit: string,
  path: string,
): Promise<FileAtCommit | undefined> {
  const [row] = await readRecords(directory, ["ls-tree", "-z", commit, "--", path]);
  const entry = row === undefined ? undefined : toEntry(row);
  if (entry?.type !== "blob" || entry.path !== path) return undefined;
  const [content, lastCommitId] = await Promise.all([
    runGit(directory, ["cat-file", "blob", entry.id]),
    findLastCommit(directory, commit, path),
  ]);
  return {
    path,
    content,
    blobId: entry.id,
    sha256: createHash("sha256").update(content).digest("hex"),
    lastCommitId,
    executable: entry.mode === "100755",
  };
}

/** The newest commit reachable from `commit` that touched the path; empty when none did. */
export function findLastCommit(directory: string, commit: string, path: string): Promise<string> {
  return readLine(directory, ["log", "-1", "--format=%H", commit, "--", path]);
}

function toEntry(row: string): TreeEntry {
  const [facts = "", path = ""] = splitOnce(row, "\t");
  const [mode = "", type, id = ""] = facts.split(" ");
  if (type !== "blob" && type !== "tree" && type !== "commit") {
    throw new Error(`git ls-tree gave an object of type "${type}" at "${path}"`);
  }
  return { mode, type, id, path };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + separator.length)];
}
