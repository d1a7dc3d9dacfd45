import { z } from "zod";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { prop, type ValuesOf } from "../../kit/property.ts";
import { accessLevels, toAccessLevel } from "../access-levels.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/projectMembership:ProjectMembership";

/** Those that a member may have. https://docs.gitlab.com/api/project_members/#roles */
const roles = [
  "minimal",
  "guest",
  "planner",
  "reporter",
  "developer",
  "maintainer",
  "owner",
] as const;

const inputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  userId: prop(z.int(), "The number of the user.", { replace: true }),
  accessLevel: prop(z.enum(roles), "The user's role, not below one that the groups above give."),
  expiresAt: prop(
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day, YYYY-MM-DD")
      .optional(),
    "The day on which it ends. Default: left as it is, none for a new one.",
  ),
};

type Inputs = ValuesOf<typeof inputs>;

interface Row {
  readonly id: number;
  readonly access_level: number;
  readonly expires_at: string | null;
}

/** https://docs.gitlab.com/api/project_members/ */
export const projectMembership = kind({
  token,
  doc: "A user who is a member of a project itself, not by a group. Import: `<project>:<user id>`.",
  example: `
const user = gitlab.getUserOutput({ username: "ada" });
new gitlab.ProjectMembership("ada", {
  project: "infra/datahook",
  userId: user.userId,
  accessLevel: "developer",
});
`,
  inputs,
  outputs: {},

  async foretell({ project, userId }, api) {
    const rows = await api.rows<Row>(path`/projects/${project}/members`);
    const isThere = rows?.some(({ id }) => id === userId);
    return isThere ? taken(token, toId(project, userId), "userId", `${userId}`) : undefined;
  },

  async create(wanted, api) {
    const id = toId(wanted.project, wanted.userId);
    const body = { user_id: wanted.userId, ...toRow(wanted) };
    try {
      await api.post(path`/projects/${wanted.project}/members`, body);
    } catch (error) {
      if (isStatus(error, 409)) throw taken(token, id, "userId", `${wanted.userId}`);
      throw error;
    }
    return { id, state: wanted };
  },

  again: {},

  async read(id, api) {
    const { project, userId } = fromMembershipId(id);
    const rows = await api.rows<Row>(path`/projects/${project}/members`);
    const row = rows?.find((each) => each.id === userId);
    return row && { id, state: { project, userId, ...fromRow(row) } };
  },

  async update(_id, wanted, api) {
    const { project, userId } = wanted;
    const url = path`/projects/${project}/members/${userId}`;
    const there = fromRow(await api.get<Row>(url));
    const isKept = wanted.expiresAt === undefined || wanted.expiresAt === there.expiresAt;
    if (wanted.accessLevel === there.accessLevel && isKept) return { ...wanted, ...there };
    return fromRow(await api.put<Row>(url, toRow(wanted)));
  },

  async delete(id, api) {
    const { project, userId } = fromMembershipId(id);
    await api.remove(path`/projects/${project}/members/${userId}`);
  },
});

function toRow({ accessLevel, expiresAt }: Inputs) {
  return {
    access_level: accessLevels[accessLevel],
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  };
}

/** A custom role of a paid tier has no name here. */
function fromRow({ access_level, expires_at }: Row) {
  const level = toAccessLevel(access_level);
  return {
    accessLevel: roles.find((role) => role === level) ?? null,
    expiresAt: expires_at,
  };
}

function fromMembershipId(id: string) {
  const { project, userId } = fromId("ProjectMembership", id, ["project", "userId"]);
  return { project, userId: toNumber("ProjectMembership", id, userId) };
}
