import { type CiVariable, selectVariables } from "./ci-variables.ts";
import { type GitLabAccess, readFromGitLab } from "./gitlab-calls.ts";
import { PipelineError } from "./pipeline-error.ts";

/** What a pipeline of a project's default branch needs to know of it. */
export interface PipelineProject {
  id: number;
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
  const project = await readFromGitLab<Project>(access, `projects/${encodeURIComponent(path)}`);
  if (project === undefined) {
    throw new PipelineError(
      "no-project",
      `pipeline: GitLab has no project ${path}. Add the package to trunkline:packages and run make up.`,
    );
  }
  const branch = encodeURIComponent(project.default_branch);
  const protection = await readFromGitLab(
    access,
    `projects/${project.id}/protected_branches/${branch}`,
  );
  return {
    id: project.id,
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
  const group = await readFromGitLab<Group>(access, `groups/${id}`);
  const above = group?.parent_id ? await readGroupVariables(access, group.parent_id) : [];
  return [...above, await readVariables(access, `groups/${id}`)];
}

async function readVariables(access: GitLabAccess, owner: string): Promise<CiVariable[]> {
  const found: CiVariable[] = [];
  for (let page = 1; ; page += 1) {
    const path = `${owner}/variables?per_page=100&page=${page}`;
    const rows = (await readFromGitLab<CiVariable[]>(access, path)) ?? [];
    found.push(...rows);
    if (rows.length < 100) return found;
  }
}
