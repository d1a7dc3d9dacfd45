import { CommitRefused } from "./commit-refused.ts";
import type { TreeEntry } from "./tree.ts";

/**
 * One change of a commit, as in GitLab's commits API; `move` and `chmod` are left out.
 *
 * @see https://docs.gitlab.com/api/commits/#create-a-commit-with-multiple-files-and-actions
 */
export type FileAction =
  | { action: "create"; path: string; content: Buffer; executable?: boolean }
  | { action: "update"; path: string; content: Buffer; executable?: boolean }
  | { action: "delete"; path: string };

type Files = Map<string, TreeEntry>;
type WriteBlob = (content: Buffer) => Promise<string>;

/**
 * Applies the actions in order to a copy of the files.
 *
 * @param files every file of the starting commit.
 * @param writeBlob stores a content and gives its blob id.
 * @throws CommitRefused when an action does not fit the files left by the ones before it.
 */
export async function applyActions(
  files: Files,
  actions: readonly FileAction[],
  writeBlob: WriteBlob,
): Promise<Files> {
  const result = new Map(files);
  for (const action of actions) await apply(result, action, writeBlob);
  return result;
}

async function apply(files: Files, action: FileAction, writeBlob: WriteBlob): Promise<void> {
  checkPath(action.path);
  switch (action.action) {
    case "create":
      checkFree(files, action.path);
      return put(files, action.path, await writeBlob(action.content), mode(action.executable));
    case "update": {
      const { mode: current } = find(files, action.path);
      const blob = await writeBlob(action.content);
      return put(files, action.path, blob, mode(action.executable, current));
    }
    case "delete":
      find(files, action.path);
      files.delete(action.path);
  }
}

function put(files: Files, path: string, id: string, fileMode: string): void {
  files.set(path, { mode: fileMode, type: "blob", id, path });
}

function mode(executable: boolean | undefined, current = "100644"): string {
  if (executable === undefined) return current;
  return executable ? "100755" : "100644";
}

function find(files: Files, path: string): TreeEntry {
  const file = files.get(path);
  if (file === undefined) {
    throw new CommitRefused("file-missing", "A file with this name doesn't exist");
  }
  return file;
}

/** A file and a folder cannot share a path, neither here nor on the way here. */
function checkFree(files: Files, path: string): void {
  const parents = path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/"));
  if (parents.some((parent) => files.has(parent))) {
    throw new CommitRefused("file-exists", "A file with this name already exists");
  }
  if ([...files.keys()].some((other) => other.startsWith(`${path}/`))) {
    throw new CommitRefused("file-exists", "A directory with this name already exists");
  }
}

function checkPath(path: string): void {
  const parts = path.split("/");
  if (parts.includes("..")) {
    throw new CommitRefused("path-invalid", "Path cannot include directory traversal");
  }
  const unusable = parts.some(
    (part) => part === "" || part === "." || part.toLowerCase() === ".git",
  );
  if (unusable || path.includes("\0")) {
    throw new CommitRefused("path-invalid", `invalid path: "${path}"`);
  }
}
