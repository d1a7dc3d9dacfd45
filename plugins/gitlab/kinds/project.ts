import { checkProjectPath } from "../../../validation/gitlab-paths.ts";
import { isStatus } from "../../kit/api-error.ts";
import { finishCreate, type Observed } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import type { ValuesOf } from "../../kit/property.ts";
import type { Values } from "../../kit/wire.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { markForDeletion, removeForGood } from "../deletion.ts";
import { refuseHiddenProject } from "../hidden.ts";
import { isMarked } from "../marked.ts";
import { refuseOtherServer } from "../other-server.ts";
import { taken, withHolder } from "../taken.ts";
import {
  createProjectRow,
  findHolder,
  isOurs,
  type ProjectRow,
  waitForProtection,
} from "./project-creation.ts";
import { projectFields, projectInputs, projectOutputs } from "./project-inputs.ts";

const token = "gitlab:index/project:Project";

type Inputs = ValuesOf<typeof projectInputs>;
type State = Inputs & ValuesOf<typeof projectOutputs>;

const urlOf = (id: string | number) => path`/projects/${id}`;

/** https://docs.gitlab.com/api/projects/ */
export const project = kind({
  token,
  doc: "A project. Deleting it leaves it restorable for some days, under another path. Import: its id or full path.",
  example: `
new gitlab.Project("datahook", { path: "datahook", namespaceId: 7, archiveOnDestroy: true });
`,
  inputs: projectInputs,
  outputs: projectOutputs,
  autoName: "name",

  check({ path: wanted }, { oldInputs }) {
    if (wanted === undefined) return [];
    const refusal = oldInputs ? undefined : checkProjectPath(wanted);
    if (refusal) return [{ property: "path", reason: `${refusal.message}. ${refusal.fix}` }];
    return [];
  },

  async foretell(inputs, api) {
    const holder = await findHolder(projectFields.toCreate(inputs), api);
    if (!holder || isMarked(holder)) return undefined;
    if (isAsAsked(inputs, holder) && (await isOurs(holder, api))) return undefined;
    return taken(token, String(holder.id), "path", holder.path_with_namespace);
  },

  async create(inputs, api) {
    const body = projectFields.toCreate(inputs);
    const row = await createProjectRow(token, body, (found) => isAsAsked(inputs, found), api);
    const told = toState(row, inputs);
    const id = String(row.id);
    const finished = await finishCreate(id, { ...told, ...unsent(told) }, async () => {
      const changed = await change(row, inputs, { ...inputs, ...told, ...unsent(told) }, api);
      if (!inputs.initializeWithReadme || inputs.skipWaitForDefaultBranchProtection) return changed;
      await waitForProtection(row, api);
      // The first answer may still call the repository empty.
      return await api.get<ProjectRow>(urlOf(id));
    });
    return { id, state: toState(finished, inputs) };
  },

  again: "create",

  async read(id, api, prior) {
    const row = await api.project<ProjectRow>(id);
    if (!row && prior.path !== undefined) await refuseHiddenProject(api, id, prior.namespaceId);
    if (!row || isMarked(row)) return undefined;
    refuseMoved(api, prior, row);
    return { id: String(row.id), state: toState(row, prior) };
  },

  async update(id, inputs, api, state) {
    const row = await api.get<ProjectRow>(urlOf(id));
    refuseMoved(api, state, row);
    return toState(await change(row, inputs, state, api), inputs);
  },

  async delete(id, api, { archiveOnDestroy, permanentlyDeleteOnDestroy }) {
    const url = urlOf(id);
    if (archiveOnDestroy) await archive(url, api);
    else if (permanentlyDeleteOnDestroy) await removeForGood(api, url);
    else await markForDeletion(api, url);
  },
});

function refuseMoved(api: GitLab, state: Partial<State>, row: ProjectRow): void {
  const { pathWithNamespace, webUrl, runnersToken } = state;
  refuseOtherServer(
    api,
    { fullPath: pathWithNamespace, webUrl, runnersToken },
    {
      fullPath: row.path_with_namespace,
      webUrl: row.web_url,
      runnersToken: row.runners_token ?? undefined,
    },
  );
}

function isAsAsked(inputs: Inputs, found: ProjectRow): boolean {
  return projectFields.isAsCreated(inputs, toState(found, inputs));
}

/** Makes the project as declared: opened first and archived last, since an archived one is read-only. */
async function change(
  found: ProjectRow,
  inputs: Inputs,
  state: Observed<State>,
  api: GitLab,
): Promise<ProjectRow> {
  const { archived, namespaceId } = inputs;
  let row = found;
  const url = urlOf(row.id);
  if (archived === false && row.archived) row = await api.repost<ProjectRow>(`${url}/unarchive`);
  if (namespaceId !== undefined && namespaceId !== row.namespace.id) {
    row = await api.put<ProjectRow>(`${url}/transfer`, { namespace: String(namespaceId) });
  }
  const body = projectFields.toUpdate(inputs, { ...state, ...toState(row, inputs) });
  if (Object.keys(body).length > 0) row = await put(url, body, row, api);
  if (archived && !row.archived) row = await api.repost<ProjectRow>(`${url}/archive`);
  return row;
}

/** The new default branch must be there: GitLab makes none by its name. */
async function put(url: string, body: Values, row: ProjectRow, api: GitLab): Promise<ProjectRow> {
  try {
    return await api.put<ProjectRow>(url, body);
  } catch (error) {
    if (!isStatus(error, 400)) throw error;
    if (!/HEAD.*does not exist/.test(error.answer)) {
      throw withHolder(error, { kind: "project", fullPath: row.path_with_namespace }, body);
    }
    const branches = `${row.default_branch ?? "HEAD"}:${body.default_branch}`;
    throw error.withAdvice(`Push the branch first: git push origin ${branches}`);
  }
}

async function archive(url: string, api: GitLab): Promise<void> {
  const row = await api.find<ProjectRow>(url);
  if (row && !row.archived) await api.repost(`${url}/archive`);
}

/** What the server does not tell, and a create does not take. */
function unsent(told: Observed<State>): Observed<State> {
  return projectFields.notCreated(told);
}

function toState(row: ProjectRow, prior: Partial<State>): Observed<State> {
  // An empty repository has no branch yet: its first push decides, or the first commit to the one declared.
  const undecided = row.empty_repo && prior.defaultBranch !== undefined;
  return projectFields.fromRow(
    {
      ...row,
      namespace_id: row.namespace.id,
      container_expiration_policy_attributes: row.container_expiration_policy,
      ...(undecided && { default_branch: undefined }),
    },
    prior,
  );
}
