import { isUtf8 } from "node:buffer";
import { path } from "../../kit/path.ts";
import type { GitLab } from "../client.ts";
import { type FileInputs, type FileRow, isAsWanted } from "./repository-file-row.ts";

/** The most lines that a preview shows of a file that is to be replaced. */
const limit = 200;

/** What replacing a file that is there comes to, the removed lines before the added ones; nothing where it is as wanted. */
export function describeOverwrite(
  row: FileRow,
  inputs: FileInputs,
  secrets: ReadonlySet<string>,
): string | undefined {
  if (isAsWanted(row, inputs)) return undefined;
  const title = `${inputs.filePath} is there already in ${inputs.branch}; pulumi up replaces it:`;
  if (secrets.has("content")) return `${title} its content is secret`;
  const bytes = Buffer.from(row.content, "base64");
  if (inputs.encoding !== "text" || !isUtf8(bytes)) return `${title} it is no text`;
  const lines = changedLines(bytes.toString("utf8"), inputs.content);
  const hidden = lines.length - limit;
  return [
    title,
    ...lines.slice(0, limit),
    ...(hidden > 0 ? [`… and ${hidden} lines more`] : []),
  ].join("\n");
}

/** Without the lines that both begin and end with. */
function changedLines(before: string, after: string): string[] {
  const [old, wanted] = [before.split("\n"), after.split("\n")];
  const shorter = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < shorter && old[start] === wanted[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === wanted.at(-1 - end)) end += 1;
  return [
    ...old.slice(start, old.length - end).map((line) => `- ${line}`),
    ...wanted.slice(start, wanted.length - end).map((line) => `+ ${line}`),
  ];
}

/** Why a branch cannot be committed to: it is not there, and an empty repository would begin with it. */
export async function findMissingBranch(
  api: GitLab,
  { project, branch }: Pick<FileInputs, "project" | "branch">,
): Promise<string | undefined> {
  const url = path`/projects/${project}/repository/branches/${branch}`;
  if (await api.once(url, () => api.find<object>(url))) return undefined;
  const row = await api.project<{
    readonly empty_repo: boolean;
    readonly default_branch: string | null;
    readonly path_with_namespace: string;
  }>(project);
  if (!row || row.empty_repo || row.default_branch === branch) return undefined;
  return `branch "${branch}" is not in ${row.path_with_namespace}, whose default branch is "${row.default_branch}". Name that one, or make the branch first.`;
}
