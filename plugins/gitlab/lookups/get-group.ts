import { z } from "zod";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { declaredOnce } from "../choice.ts";
import { lookup } from "../declare.ts";
import { Fields } from "../fields.ts";
import { type Deletable, isMarked } from "../marked.ts";

interface Row extends Deletable {
  readonly id: number;
}

const outputs = {
  path: prop(z.string(), "The last part of its path."),
  name: prop(z.string(), "The name shown."),
  fullName: prop(z.string(), "The name with those of its parents."),
  fullPath: prop(z.string(), "The path with those of its parents."),
  parentId: prop(z.int(), "The id of the group it is in; 0 for none."),
  description: prop(z.string(), "What it is for."),
  visibilityLevel: prop(z.string(), "Who sees it."),
  webUrl: prop(z.string(), "Where people find it."),
  archived: prop(z.boolean().optional(), "Whether it is read-only."),
  defaultBranch: prop(z.string().optional(), "The default branch of new projects."),
  projectCreationLevel: prop(z.string(), "The lowest role that may create projects."),
  subgroupCreationLevel: prop(z.string(), "The lowest role that may create subgroups."),
  sharedRunnersSetting: prop(
    z.string().optional(),
    "Whether instance runners serve the group's projects.",
  ),
  runnersToken: prop(z.string().optional(), "Told to owners only.", { secret: true }),
};

const fields = new Fields(outputs, {
  visibilityLevel: { name: "visibility" },
  parentId: { from: (id: number | null) => id ?? 0 },
});

/** https://docs.gitlab.com/api/groups/#get-a-single-group */
export const getGroup = lookup({
  token: "gitlab:index/getGroup:getGroup",
  doc: "A group by its id or its full path.",
  example: `
export const groupId = gitlab.getGroupOutput({ fullPath: "infra" }).groupId;
`,
  inputs: {
    groupId: prop(z.int().optional(), "Its id. Give this or `fullPath`."),
    fullPath: prop(z.string().optional(), "Its full path. Give this or `groupId`."),
  },
  outputs: {
    id: prop(z.string(), "Its id."),
    groupId: prop(z.int(), "Its id as a number."),
    ...outputs,
  },

  async call({ groupId, fullPath }, api) {
    const choice = declaredOnce("getGroup", { groupId, fullPath });
    const row = await api.find<Row>(path`/groups/${choice.value}`, { with_projects: false });
    if (!row || isMarked(row)) throw choice.notFound("group");
    return { id: String(row.id), groupId: row.id, ...fields.toValues(row) };
  },
});
