import { isStatus } from "../../kit/api-error.ts";
import { path } from "../../kit/path.ts";
import type { Values } from "../../kit/wire.ts";
import type { GitLab } from "../client.ts";
import { type Deletable, isMarked } from "../marked.ts";
import { awaitsDeletion, isPathTaken, taken } from "../taken.ts";

/** What the kind looks at in GitLab's answer; the rest goes through its fields. */
export interface ProjectRow extends Deletable {
  readonly id: number;
  readonly archived: boolean;
  readonly creator_id: number;
  readonly empty_repo: boolean;
  readonly default_branch: string | null;
  readonly container_expiration_policy?: object | null;
  readonly path_with_namespace: string;
  readonly web_url: string;
  readonly runners_token?: string | null;
  readonly namespace: { readonly id: number; readonly kind: "user" | "group" };
}

interface Commit {
  readonly title: string;
}

/**
 * Creates the project, or finds it where an earlier call made it whose answer was lost. Another one that
 * has its path is told with the way to import it.
 */
export async function createProjectRow(
  token: string,
  body: Values,
  isAsAsked: (row: ProjectRow) => boolean,
  api: GitLab,
): Promise<ProjectRow> {
  try {
    return await api.patiently(() => api.post<ProjectRow>("/projects", body), isStillThere, {
      for: "the project that had its path to be removed",
      left: "Nothing was created",
    });
  } catch (error) {
    const holder = isPathTaken(error) ? await findHolder(body, api) : undefined;
    if (!holder) throw error;
    const { path_with_namespace: fullPath } = holder;
    if (isMarked(holder)) throw awaitsDeletion(token, "path", fullPath);
    if (isAsAsked(holder) && (await isOurs(holder, api))) return holder;
    throw taken(token, String(holder.id), "path", fullPath);
  }
}

/** Made by the token's own user, with nothing in it yet: another stack, or somebody, would have put it there. */
export async function isOurs(row: ProjectRow, api: GitLab): Promise<boolean> {
  if (row.archived || row.creator_id !== (await api.user()).id) return false;
  const url = path`/projects/${row.id}`;
  if ((await listVariables(url, api)).length > 0) return false;
  if (row.empty_repo) return true;
  const commits = (await api.rows<Commit>(`${url}/repository/commits`)) ?? [];
  return commits.length === 1 && commits[0]?.title === "Initial commit";
}

/** None where pipelines are switched off: GitLab then refuses to list them. */
async function listVariables(url: string, api: GitLab): Promise<readonly unknown[]> {
  try {
    return (await api.rows(`${url}/variables`)) ?? [];
  } catch (error) {
    if (isStatus(error, 403)) return [];
    throw error;
  }
}

/**
 * GitLab protects a default branch a moment after its first commit; files, protections and pipelines
 * declared next would run into that. A group may be set not to protect at all.
 * https://docs.gitlab.com/user/project/repository/branches/default/#protect-initial-default-branches
 */
export async function waitForProtection(row: ProjectRow, api: GitLab): Promise<void> {
  if (row.default_branch === null || !(await isProtecting(row, api))) return;
  await api.until<{ protected: boolean }>(
    path`/projects/${row.id}/repository/branches/${row.default_branch}`,
    "protected",
    (branch) => branch?.protected === true,
    "GitLab's background jobs may be slow, or GitLab be set up not to protect it: then set skipWaitForDefaultBranchProtection: true.",
  );
}

async function isProtecting({ namespace }: ProjectRow, api: GitLab): Promise<boolean> {
  if (namespace.kind !== "group") return true;
  const group = await api.find<{ default_branch_protection?: number }>(
    path`/groups/${namespace.id}`,
    { with_projects: false },
  );
  return group?.default_branch_protection !== 0;
}

/** The project that had the path is being removed in the background. */
function isStillThere(error: unknown): boolean {
  return isStatus(error, 400) && error.answer.includes("still being deleted");
}

/** Who has the path that the body of a create asks for. */
export async function findHolder(body: Values, api: GitLab): Promise<ProjectRow | undefined> {
  return api.find<ProjectRow>(path`/projects/${await fullPathOf(body, api)}`);
}

async function fullPathOf(body: Values, api: GitLab): Promise<string> {
  const namespace =
    body.namespace_id === undefined
      ? (await api.user()).username
      : (await api.get<{ full_path: string }>(path`/namespaces/${String(body.namespace_id)}`))
          .full_path;
  return `${namespace}/${body.path ?? toPath(String(body.name))}`;
}

/** The path that GitLab makes of a name. */
function toPath(name: string): string {
  if (/^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/.test(name)) return name;
  return name
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}
