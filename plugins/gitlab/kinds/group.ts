import { isStatus } from "../../kit/api-error.ts";
import { finishCreate } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import type { ValuesOf } from "../../kit/property.ts";
import type { Values } from "../../kit/wire.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { markForDeletion, removeForGood } from "../deletion.ts";
import { refuseHiddenGroup } from "../hidden.ts";
import { type Deletable, isMarked } from "../marked.ts";
import { type Place, refuseOtherServer } from "../other-server.ts";
import { awaitsDeletion, isPathTaken, taken, withHolder } from "../taken.ts";
import { groupFields, groupInputs, groupOutputs } from "./group-inputs.ts";

const token = "gitlab:index/group:Group";

interface Row extends Deletable {
  readonly id: number;
  readonly parent_id: number | null;
  readonly full_path: string;
  readonly web_url: string;
  readonly runners_token?: string | null;
}

type Inputs = ValuesOf<typeof groupInputs>;

const urlOf = (id: string | number) => path`/groups/${id}`;

/** https://docs.gitlab.com/api/groups/ */
export const group = kind({
  token,
  doc: "A group. Deleting it leaves it restorable for some days, under another path. Import: its id or full path.",
  example: `
const infra = new gitlab.Group("infra", { name: "infra", path: "infra" });
new gitlab.Group("packages", { name: "packages", path: "packages", parentId: infra.id.apply(Number) });
`,
  inputs: groupInputs,
  outputs: groupOutputs,
  autoName: "name",

  check: ({ defaultBranchProtection, defaultBranchProtectionDefaults }) =>
    defaultBranchProtection !== undefined && defaultBranchProtectionDefaults
      ? [
          {
            property: "defaultBranchProtection",
            reason:
              "defaultBranchProtection and defaultBranchProtectionDefaults are both set. Leave the first out; GitLab has deprecated it.",
          },
        ]
      : [],

  async foretell(inputs, api) {
    const fullPath = await fullPathOf(inputs, api);
    const holder = await api.find<Row>(urlOf(fullPath), { with_projects: false });
    if (!holder || isMarked(holder) || (await isKnown(holder, inputs, api))) return undefined;
    return taken(token, fullPath, "path", fullPath);
  },

  async create(inputs, api) {
    const row = await createRow(inputs, api);
    const told = groupFields.fromRow(row, inputs);
    const body = groupFields.toUpdate(inputs, told);
    const id = String(row.id);
    if (Object.keys(body).length === 0) return { id, state: told };
    const finished = await finishCreate(id, { ...told, ...groupFields.notCreated(told) }, () =>
      api.put<Row>(urlOf(id), body),
    );
    return { id, state: groupFields.fromRow(finished, inputs) };
  },

  again: "create",

  async read(id, api, prior) {
    const url = urlOf(id);
    const row = await api.once(url, () => api.find<Row>(url, { with_projects: false }));
    if (!row && prior.path !== undefined) await refuseHiddenGroup(api, id);
    if (!row || isMarked(row)) return undefined;
    refuseOtherServer(api, prior, placeOf(row));
    return { id: String(row.id), state: groupFields.fromRow(row, prior) };
  },

  async update(id, inputs, api, state) {
    let row = await api.get<Row>(urlOf(id), { with_projects: false });
    refuseOtherServer(api, state, placeOf(row));
    row = await move(row, inputs.parentId, api);
    const told = groupFields.fromRow(row, inputs);
    const body = groupFields.toUpdate(inputs, { ...state, ...told });
    if (Object.keys(body).length > 0) row = await put(row, body, api);
    return groupFields.fromRow(row, inputs);
  },

  async delete(id, api, { archiveOnDestroy, permanentlyRemoveOnDelete }) {
    if (archiveOnDestroy) await archive(urlOf(id), api);
    else if (permanentlyRemoveOnDelete) await removeForGood(api, urlOf(id));
    else await markForDeletion(api, urlOf(id));
  },
});

async function put(row: Row, body: Values, api: GitLab): Promise<Row> {
  try {
    return await api.put<Row>(urlOf(row.id), body);
  } catch (error) {
    if (!isStatus(error, 400)) throw error;
    throw withHolder(error, { kind: "group", fullPath: row.full_path }, body);
  }
}

async function fullPathOf({ parentId, path: own }: Inputs, api: GitLab): Promise<string> {
  if (!parentId) return own;
  return `${(await api.get<Row>(urlOf(parentId))).full_path}/${own}`;
}

function placeOf(row: Row): Place {
  const { full_path: fullPath, web_url: webUrl, runners_token: runnersToken } = row;
  return { fullPath, webUrl, ...(runnersToken && { runnersToken }) };
}

async function createRow(inputs: Inputs, api: GitLab): Promise<Row> {
  try {
    return await api.post<Row>("/groups", groupFields.toCreate(inputs));
  } catch (error) {
    if (!isPathTaken(error)) throw error;
    const fullPath = await fullPathOf(inputs, api);
    const holder = await api.find<Row>(urlOf(fullPath));
    if (holder && isMarked(holder)) throw awaitsDeletion(token, "path", fullPath);
    if (holder && (await isKnown(holder, inputs, api))) return holder;
    throw taken(token, fullPath, "path", fullPath);
  }
}

/** Whether an earlier call made it whose answer was lost. */
async function isKnown(row: Row, inputs: Inputs, api: GitLab): Promise<boolean> {
  const isAsAsked = groupFields.isAsCreated(inputs, groupFields.fromRow(row, inputs));
  return isAsAsked && (await isOurs(row, api));
}

/**
 * GitLab does not tell who made a group, but makes that user its first member. Nothing is in it yet:
 * another stack, or somebody, would have put it there.
 */
async function isOurs(row: Row, api: GitLab): Promise<boolean> {
  const { id } = await api.user();
  const members = await api.rows<{ readonly id: number }>(`${urlOf(row.id)}/members`);
  if (!members?.every((member) => member.id === id)) return false;
  const within = ["projects", "subgroups", "variables"].map((list) =>
    api.rows(`${urlOf(row.id)}/${list}`),
  );
  return (await Promise.all(within)).every((rows) => rows?.length === 0);
}

/** https://docs.gitlab.com/api/groups/#transfer-a-group */
async function move(row: Row, parentId: number | undefined, api: GitLab): Promise<Row> {
  if (parentId === undefined || parentId === (row.parent_id ?? 0)) return row;
  return await api.post<Row>(
    `${urlOf(row.id)}/transfer`,
    parentId === 0 ? {} : { group_id: parentId },
  );
}

async function archive(url: string, api: GitLab): Promise<void> {
  const row = await api.find<Row & { readonly archived?: boolean }>(url);
  if (row && !row.archived) await api.repost(`${url}/archive`);
}
