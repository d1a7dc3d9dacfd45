import { z } from "zod";
import { ApiError, isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { checkPaidInputs } from "../edition.ts";
import { taken } from "../taken.ts";
import {
  type BranchProtection,
  branchProtectionInputs,
  fromRow,
  type Row,
  rolesOf,
  toChanges,
  toRow,
} from "./branch-protection-row.ts";

const token = "gitlab:index/branchProtection:BranchProtection";

/** https://docs.gitlab.com/api/protected_branches/ */
export const branchProtection = kind({
  token,
  doc: "Who may push to a branch and merge into it. GitLab protects the default branch by itself: that protection is taken over. Import: `<project>:<branch>`.",
  example: `
new gitlab.BranchProtection("main", {
  project: "infra/datahook",
  branch: "main",
  pushAccessLevel: "maintainer",
  mergeAccessLevel: "developer",
});
`,
  inputs: branchProtectionInputs,
  outputs: {
    branchProtectionId: prop(z.int(), "The number of the protection.", { stable: true }),
  },
  check: (wanted, { api }) =>
    checkPaidInputs(api, wanted, [
      "codeOwnerApprovalRequired",
      "allowedToPushes",
      "allowedToMerges",
      "allowedToUnprotects",
    ]),

  async foretell(wanted, api) {
    const there = await api.find<Row>(urlOf(wanted));
    return there && !(await isDefault(wanted, api)) ? takenBy(wanted) : undefined;
  },

  async create(wanted, api) {
    const there = await api.find<Row>(urlOf(wanted));
    const row = there ? await takeOver(wanted, there, api) : await protect(wanted, api);
    return {
      id: toId(wanted.project, wanted.branch),
      state: { ...wanted, ...fromRow(row, wanted) },
    };
  },

  again: {},

  async read(id, api, prior) {
    const { project, branch } = fromId("BranchProtection", id, ["project", "branch"]);
    const rows = await api.rows<Row>(path`/projects/${project}/protected_branches`);
    const row = rows?.find(({ name }) => name === branch);
    return row && { id, state: { project, branch, ...fromRow(row, prior) } };
  },

  async update(_id, wanted, api) {
    const there = await api.find<Row>(urlOf(wanted));
    // An update may have ended between the two calls that change roles.
    const row = there ? await change(wanted, there, api) : await protect(wanted, api);
    return fromRow(row, wanted);
  },

  async delete(id, api) {
    await api.remove(urlOf(fromId("BranchProtection", id, ["project", "branch"])));
  },
});

function urlOf({ project, branch }: Pick<BranchProtection, "project" | "branch">): string {
  return path`/projects/${project}/protected_branches/${branch}`;
}

async function protect(wanted: BranchProtection, api: GitLab): Promise<Row> {
  try {
    return await post(wanted, api);
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    // GitLab protects a new default branch in the background: between our look and our call, too.
    return takeOver(wanted, await api.get<Row>(urlOf(wanted)), api);
  }
}

/** Only the default branch's. */
async function takeOver(wanted: BranchProtection, there: Row, api: GitLab): Promise<Row> {
  if (!(await isDefault(wanted, api))) throw takenBy(wanted);
  return change(wanted, there, api);
}

async function isDefault({ project, branch }: BranchProtection, api: GitLab): Promise<boolean> {
  const found = await api.project<{ default_branch: string | null }>(project);
  return found?.default_branch === branch;
}

function takenBy({ project, branch }: BranchProtection) {
  return taken(token, toId(project, branch), "branch", branch);
}

/** GitLab changes no roles in place: when they differ, the branch is unprotected between two calls. */
async function change(wanted: BranchProtection, there: Row, api: GitLab): Promise<Row> {
  const { roles, differ } = rolesOf(wanted, there);
  if (!differ) return amend(wanted, there, api);
  await api.remove(urlOf(wanted));
  try {
    return await post({ ...wanted, ...roles }, api);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const advice = `Branch ${wanted.branch} is not protected now: run pulumi up again.`;
    throw error.withAdvice(advice);
  }
}

function post(wanted: BranchProtection, api: GitLab): Promise<Row> {
  return api.post<Row>(path`/projects/${wanted.project}/protected_branches`, toRow(wanted));
}

async function amend(wanted: BranchProtection, there: Row, api: GitLab): Promise<Row> {
  const changes = toChanges(wanted, there);
  return Object.keys(changes).length > 0 ? api.patch<Row>(urlOf(wanted), changes) : there;
}
