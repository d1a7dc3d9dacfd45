import type { GitLab } from "../plugins/gitlab/client.ts";
import { isMarked } from "../plugins/gitlab/marked.ts";
import { isStatus } from "../plugins/kit/api-error.ts";
import { path } from "../plugins/kit/path.ts";
import { AdoptError } from "./adopt-error.ts";
import type {
  GroupRow,
  ProjectRow,
  ProtectionRow,
  RunnerRow,
  ScheduleRow,
  VariableRow,
} from "./gitlab-rows.ts";

export interface GroupWorld {
  readonly row: GroupRow;
  /** Undefined when the token's user may not read them. */
  readonly variables: readonly VariableRow[] | undefined;
}

export interface ProjectWorld {
  readonly row: ProjectRow;
  /** The next three are undefined when the token's user may not read them. */
  readonly variables: readonly VariableRow[] | undefined;
  readonly protections: readonly ProtectionRow[] | undefined;
  readonly schedules: readonly ScheduleRow[] | undefined;
  /** Names of protected tags. */
  readonly protectedTags: readonly string[];
  /** Names in the root of the default branch. */
  readonly files: readonly string[];
  /** Its `.gitlab-ci.yml`. */
  readonly pipeline: string | undefined;
}

/** A group with those below it that hold projects, and all that the stack could manage in them. */
export interface GitLabWorld {
  /** The group that was asked for comes first. */
  readonly groups: readonly GroupWorld[];
  readonly projects: readonly ProjectWorld[];
  readonly runners: readonly RunnerRow[];
}

/** Reads and changes nothing. Throws one error when the group is not there. */
export async function readGitLab(api: GitLab, fullPath: string): Promise<GitLabWorld> {
  const main = await api.find<GroupRow>(path`/groups/${fullPath}`, { with_projects: false });
  if (!main || isMarked(main)) {
    throw new AdoptError(
      `There is no group "${fullPath}" that the token sees. Check the spelling, and that the token's user is its owner.`,
    );
  }
  const listed = await list<ProjectRow>(api, path`/groups/${main.id}/projects`, {
    include_subgroups: true,
    with_shared: false,
  });
  const rows = (listed ?? []).filter((row) => isBelow(main, row) && !isMarked(row));
  const others = [...new Set(rows.map(({ namespace }) => namespace.id))].filter(
    (id) => id !== main.id,
  );
  const below = await Promise.all(
    others.map((id) => api.get<GroupRow>(path`/groups/${id}`, { with_projects: false })),
  );
  const groups = [main, ...below];
  return {
    groups: await Promise.all(groups.map((row) => readGroup(api, row))),
    projects: await Promise.all(rows.map((row) => readProject(api, row))),
    runners: await readRunners(api, groups, rows),
  };
}

/** Projects that are shared with the group are somebody else's. */
function isBelow({ full_path }: GroupRow, { path_with_namespace }: ProjectRow): boolean {
  return path_with_namespace.toLowerCase().startsWith(`${full_path.toLowerCase()}/`);
}

async function readGroup(api: GitLab, row: GroupRow): Promise<GroupWorld> {
  return { row, variables: await list<VariableRow>(api, path`/groups/${row.id}/variables`) };
}

async function readProject(api: GitLab, listed: ProjectRow): Promise<ProjectWorld> {
  const url = path`/projects/${listed.id}`;
  // A list leaves some settings out.
  const row = await api.get<ProjectRow>(url);
  const [variables, protections, schedules, tags, files] = await Promise.all([
    list<VariableRow>(api, `${url}/variables`),
    list<ProtectionRow>(api, `${url}/protected_branches`),
    readSchedules(api, url),
    list<{ readonly name: string }>(api, `${url}/protected_tags`),
    row.empty_repo ? [] : list<{ readonly name: string }>(api, `${url}/repository/tree`),
  ]);
  const names = (files ?? []).map(({ name }) => name);
  return {
    row,
    variables,
    protections,
    schedules,
    protectedTags: (tags ?? []).map(({ name }) => name),
    files: names,
    pipeline: names.includes(".gitlab-ci.yml") ? await readPipeline(api, row) : undefined,
  };
}

async function readPipeline(api: GitLab, row: ProjectRow): Promise<string | undefined> {
  const file = await api.find<{ readonly content: string }>(
    path`/projects/${row.id}/repository/files/${".gitlab-ci.yml"}`,
    { ref: row.default_branch ?? "HEAD" },
  );
  return file && Buffer.from(file.content, "base64").toString("utf8");
}

/** The list leaves the variables out. */
async function readSchedules(api: GitLab, url: string): Promise<ScheduleRow[] | undefined> {
  const rows = await list<ScheduleRow>(api, `${url}/pipeline_schedules`);
  if (!rows) return undefined;
  return await Promise.all(
    rows.map(({ id }) => api.get<ScheduleRow>(`${url}${path`/pipeline_schedules/${id}`}`)),
  );
}

/** Those of the groups and of single projects; those of the whole instance serve everybody unasked. */
async function readRunners(
  api: GitLab,
  groups: readonly GroupRow[],
  projects: readonly ProjectRow[],
): Promise<RunnerRow[]> {
  const lists = await Promise.all([
    ...groups.map(({ id }) =>
      list<RunnerRow>(api, path`/groups/${id}/runners`, { type: "group_type" }),
    ),
    ...projects.map(({ id }) =>
      list<RunnerRow>(api, path`/projects/${id}/runners`, { type: "project_type" }),
    ),
  ]);
  const ids = [...new Set(lists.flatMap((rows) => (rows ?? []).map(({ id }) => id)))];
  return await Promise.all(ids.map((id) => api.get<RunnerRow>(path`/runners/${id}`)));
}

/** Undefined when the token's user may not read it, or the project has that part switched off. */
async function list<T>(
  api: GitLab,
  url: string,
  query: Readonly<Record<string, string | boolean>> = {},
): Promise<readonly T[] | undefined> {
  try {
    return await api.rows<T>(url, query);
  } catch (error) {
    if (isStatus(error, 403)) return undefined;
    throw error;
  }
}
