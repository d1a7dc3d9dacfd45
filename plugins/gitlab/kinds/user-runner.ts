import { z } from "zod";
import type { ApiError } from "../../kit/api-error.ts";
import { isLost } from "../../kit/creation.ts";
import { toNumber } from "../../kit/ids.ts";
import { type CheckContext, type Failure, finishCreate } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { type Candidate, removeLostRunners } from "../lost-runner.ts";
import { drainRunner } from "../runner-drain.ts";

const inputs = {
  runnerType: prop(
    z.enum(["instance_type", "group_type", "project_type"]),
    "Whom it serves: `instance_type` (administrators only), `group_type` or `project_type`.",
    { replace: true },
  ),
  groupId: prop(z.int().optional(), "The number of the group, for `group_type` only.", {
    replace: true,
  }),
  projectId: prop(z.int().optional(), "The number of the project, for `project_type` only.", {
    replace: true,
  }),
  description: prop(z.string().optional(), "What it is called in GitLab's lists.", {
    computed: true,
  }),
  paused: prop(z.boolean().default(false), "Takes no new jobs. Default: false."),
  locked: prop(
    z.boolean().default(false),
    "Cannot be enabled for further projects. Default: false.",
  ),
  untagged: prop(
    z.boolean().default(true),
    "Also runs jobs without tags. A runner without tags of its own must. Default: true.",
  ),
  tagLists: prop(
    z.array(z.string().min(1)).default([]),
    "Jobs with one of these tags may come to it. In any order. Default: none.",
    { same: sameSet },
  ),
  accessLevel: prop(
    z.enum(["not_protected", "ref_protected"]).default("not_protected"),
    "`ref_protected` runs jobs of protected branches and tags only. Default: `not_protected`.",
  ),
  maximumTimeout: prop(
    z.int().min(600, "must be 600 or more").optional(),
    "Seconds, 600 or more, after which its jobs fail, when the project allows longer ones.",
  ),
  maintenanceNote: prop(
    z.string().max(1024, "must have 1024 characters or fewer").optional(),
    "A note for those who look after the runner. At most 1024 characters.",
    { computed: true },
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;

interface Row extends Candidate {
  readonly paused: boolean;
  readonly locked: boolean;
  readonly run_untagged: boolean;
  readonly tag_list: string[];
  readonly access_level: Inputs["accessLevel"];
  readonly maximum_timeout: number | null;
  readonly projects?: readonly { readonly id: number }[];
  readonly groups?: readonly { readonly id: number }[];
}

/** https://docs.gitlab.com/api/users/#create-a-runner-linked-to-a-user and https://docs.gitlab.com/api/runners/ */
export const userRunner = kind({
  token: "gitlab:index/userRunner:UserRunner",
  doc: "A runner of an instance, group or project, with the token that a machine needs to serve it. Import: `<runner number>`; GitLab then does not tell the token.",
  example: `
const runner = new gitlab.UserRunner("infra", {
  runnerType: "group_type",
  groupId: 7,
  tagLists: ["infra"],
});
export const token = runner.token;
`,
  inputs,
  outputs: {
    token: prop(
      z.string(),
      "What the machine identifies itself with, `glrt-…`. Told at creation only.",
      {
        secret: true,
        stable: true,
      },
    ),
  },
  check: (wanted, context) => [...checkOwner(wanted, context), ...checkTags(wanted, context)],

  async create(wanted, api) {
    const { id, token } = await register(wanted, api);
    const row = await finishCreate(`${id}`, { ...wanted, token }, () =>
      api.get<Row>(path`/runners/${id}`),
    );
    return { id: `${id}`, state: { ...wanted, ...fromRow(row), token } };
  },

  async read(id, api) {
    const row = await api.find<Row>(path`/runners/${toNumber("UserRunner", id)}`);
    return row && { id, state: { ...fromRow(row), ...fromOwner(row) } };
  },

  async update(id, wanted, api) {
    const url = path`/runners/${id}`;
    const row = await api.get<Row>(url);
    const changes = toChanges(wanted, row);
    return fromRow(Object.keys(changes).length > 0 ? await api.put<Row>(url, changes) : row);
  },

  async delete(id, api) {
    await drainRunner(api, id);
    await api.remove(path`/runners/${id}`);
  },
});

interface Registered {
  readonly id: number;
  readonly token: string;
}

/** Its token is told in this answer alone, so a runner whose answer was lost can never be used. */
async function register(wanted: Inputs, api: GitLab): Promise<Registered> {
  const isAsWanted = (row: Row) => Object.keys(toChanges(wanted, row)).length === 0;
  const removeLost = () => removeLostRunners(wanted, isAsWanted, api);
  await removeLost();
  try {
    return await post(wanted, api);
  } catch (error) {
    if (!isLost(error)) throw error;
    // Without a note nothing tells it from another's.
    if (!wanted.maintenanceNote || api.cancellation.now.aborted) throw toFind(error);
  }
  await removeLost();
  return await post(wanted, api);
}

function post(wanted: Inputs, api: GitLab): Promise<Registered> {
  return api.post<Registered>("/user/runners", {
    runner_type: wanted.runnerType,
    group_id: wanted.groupId,
    project_id: wanted.projectId,
    ...toRow(wanted),
  });
}

function toFind(error: ApiError): ApiError {
  return error.withAdvice(
    "GitLab may have registered it all the same: then it is among the runners that never contacted GitLab. Delete it there, and run pulumi up again.",
  );
}

function checkOwner(
  { runnerType, ...ids }: Partial<Inputs>,
  { unknowns }: CheckContext<Inputs, GitLab>,
): Failure[] {
  if (runnerType === undefined) return [];
  const owners = { groupId: "group_type", projectId: "project_type" } as const;
  return (["groupId", "projectId"] as const).flatMap((property) => {
    const set = ids[property] !== undefined || unknowns.has(property);
    const wanted = runnerType === owners[property];
    if (set === wanted) return [];
    const reason = wanted
      ? `${property} is missing for runnerType "${runnerType}". Set it.`
      : `${property} is set but runnerType is "${runnerType}". Leave it out or set runnerType: "${owners[property]}".`;
    return [{ property, reason }];
  });
}

function checkTags(
  { tagLists, untagged }: Partial<Inputs>,
  { unknowns }: CheckContext<Inputs, GitLab>,
): Failure[] {
  if (untagged !== false || unknowns.has("tagLists") || (tagLists ?? []).length > 0) return [];
  const reason = "tagLists is empty but untagged is false. Give a tag or set untagged: true.";
  return [{ property: "tagLists", reason }];
}

function toRow(wanted: Inputs) {
  return {
    description: wanted.description,
    paused: wanted.paused,
    locked: wanted.locked,
    run_untagged: wanted.untagged,
    tag_list: wanted.tagLists,
    access_level: wanted.accessLevel,
    maximum_timeout: wanted.maximumTimeout,
    maintenance_note: wanted.maintenanceNote,
  };
}

function toChanges(wanted: Inputs, row: Row): object {
  const maximumTimeout = row.maximum_timeout ?? undefined;
  const there = toRow({ ...wanted, ...fromRow(row), maximumTimeout });
  const fields = Object.entries(toRow(wanted)).filter(([field, value]) => {
    const found = there[field as keyof typeof there];
    if (Array.isArray(value) && Array.isArray(found)) return !sameSet(value, found);
    return value !== undefined && value !== found;
  });
  return Object.fromEntries(fields);
}

function fromRow(row: Row) {
  return {
    runnerType: row.runner_type,
    description: row.description ?? "",
    paused: row.paused,
    locked: row.locked,
    untagged: row.run_untagged,
    tagLists: row.tag_list,
    accessLevel: row.access_level,
    maximumTimeout: row.maximum_timeout,
    maintenanceNote: row.maintenance_note ?? "",
  };
}

/** A project runner's owner is the project it was made for, the first of its list. */
function fromOwner(row: Row) {
  if (row.runner_type === "group_type") return { groupId: row.groups?.[0]?.id };
  if (row.runner_type === "project_type") return { projectId: row.projects?.[0]?.id };
  return {};
}
