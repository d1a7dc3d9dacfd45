import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";
import { type Deletable, isMarked } from "./marked.ts";

interface Row extends Deletable {
  readonly id: number;
  readonly path: string;
  readonly path_with_namespace: string;
  readonly archived: boolean;
  readonly namespace: { readonly id: number };
}

/** As it was when the run began, by connection: what is asked before each change needs one list. */
const lists = new WeakMap<GitLab, Map<number, Promise<readonly Row[]>>>();

/** The project that has a path in a group; those of users are not looked for. */
export async function findInGroup(
  api: GitLab,
  group: number,
  projectPath: string,
): Promise<Row | undefined> {
  const known = lists.get(api) ?? new Map<number, Promise<readonly Row[]>>();
  lists.set(api, known);
  const list = known.get(group) ?? listProjects(api, group);
  known.set(group, list);
  const wanted = projectPath.toLowerCase();
  return (await list).find((row) => row.path.toLowerCase() === wanted);
}

/** https://docs.gitlab.com/api/groups/#list-projects, which tells those shared with the group, too. */
async function listProjects(api: GitLab, group: number): Promise<readonly Row[]> {
  const rows = await api.rows<Row>(path`/groups/${group}/projects`);
  return (rows ?? []).filter((row) => row.namespace.id === group && !isMarked(row));
}
