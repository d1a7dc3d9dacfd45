import { type CiVariable, selectVariables } from "./ci-variables.ts";
import { PipelineError } from "./pipeline-error.ts";

/** Where GitLab's API is and who asks. */
export interface GitLabAccess {
  /** Ends in `/api/v4/`. */
  url: string;
  token: string;
}

/** What a pipeline of a project's default branch needs to know of it. */
export interface PipelineProject {
  pathWithNamespace: string;
  cloneUrl: string;
  defaultBranch: string;
  /** As the jobs of the default branch get them. */
  variables: readonly CiVariable[];
}

interface Project {
  id: number;
  path_with_namespace: string;
  http_url_to_repo: string;
  default_branch: string;
  namespace: { id: number };
}

interface Group {
  parent_id: number | null;
}

/**
 * Reads a project and its variables.
 * @param path `group/project`.
 * @throws PipelineError `no-project` when there is none.
 */
export async function readProject(access: GitLabAccess, path: string): Promise<PipelineProject> {
  const project = await get<Project>(access, `projects/${encodeURIComponent(path)}`);
  if (project === undefined) {
    throw new PipelineError(
      "no-project",
      `pipeline: GitLab has no project ${path}. Add the package to trunkline:packages and run make up.`,
    );
  }
  const branch = encodeURIComponent(project.default_branch);
  const protection = await get(access, `projects/${project.id}/protected_branches/${branch}`);
  return {
    pathWithNamespace: project.path_with_namespace,
    cloneUrl: project.http_url_to_repo,
    defaultBranch: project.default_branch,
    variables: selectVariables({
      groups: await readGroupVariables(access, project.namespace.id),
      project: await readVariables(access, `projects/${project.id}`),
      onProtectedBranch: protection !== undefined,
    }),
  };
}

/** Of a group and those above it, outermost first. */
async function readGroupVariables(access: GitLabAccess, id: number): Promise<CiVariable[][]> {
  const group = await get<Group>(access, `groups/${id}`);
  const above = group?.parent_id ? await readGroupVariables(access, group.parent_id) : [];
  return [...above, await readVariables(access, `groups/${id}`)];
}

async function readVariables(access: GitLabAccess, owner: string): Promise<CiVariable[]> {
  const found: CiVariable[] = [];
  for (let page = 1; ; page += 1) {
    const path = `${owner}/variables?per_page=100&page=${page}`;
    const rows = (await get<CiVariable[]>(access, path)) ?? [];
    found.push(...rows);
    if (rows.length < 100) return found;
  }
}

/** The body of an answer, undefined for 404. */
async function get<T>(access: GitLabAccess, path: string): Promise<T | undefined> {
  const headers = { "PRIVATE-TOKEN": access.token };
  const response = await fetch(new URL(path, access.url), { headers });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}`);
  return (await response.json()) as T;
}
