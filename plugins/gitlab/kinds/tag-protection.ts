import { z } from "zod";
import { ApiError, isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, type ValuesOf } from "../../kit/property.ts";
import { accessLevels, protectionLevels, toProtectionLevel } from "../access-levels.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { checkPaidInputs } from "../edition.ts";
import { fromGrants, type GrantRow, grant, plainLevel, sameGrants, toGrants } from "../grants.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/tagProtection:TagProtection";

interface Row {
  readonly name: string;
  readonly create_access_levels: readonly GrantRow[];
}

const inputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  tag: prop(z.string().min(1), "A tag, or several by wildcard: `v*`.", { replace: true }),
  createAccessLevel: prop(
    z.enum(protectionLevels).default("maintainer"),
    "The lowest role that may create such tags. Default: `maintainer`.",
  ),
  allowedToCreates: prop(
    z.array(grant("TagProtectionAllowedToCreate")).optional(),
    "Further users, groups, deploy keys or roles that may. Paid tiers only.",
    { same: sameGrants },
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;

/** https://docs.gitlab.com/api/protected_tags/ */
export const tagProtection = kind({
  token,
  doc: "Who may create tags of a name. Import: `<project>:<tag>`.",
  example: `
new gitlab.TagProtection("releases", {
  project: "infra/datahook",
  tag: "v*",
  createAccessLevel: "maintainer",
});
`,
  inputs,
  outputs: {},
  check: (inputs, { api }) => checkPaidInputs(api, inputs, ["allowedToCreates"]),

  async foretell({ project, tag }, api) {
    const rows = await api.rows<Row>(path`/projects/${project}/protected_tags`);
    const isThere = rows?.some(({ name }) => name === tag);
    return isThere ? taken(token, toId(project, tag), "tag", tag) : undefined;
  },

  async create(inputs, api) {
    const id = toId(inputs.project, inputs.tag);
    try {
      await protect(inputs, api);
    } catch (error) {
      if (isStatus(error, 409)) throw taken(token, id, "tag", inputs.tag);
      throw error;
    }
    return { id, state: inputs };
  },

  again: {},

  async read(id, api) {
    const { project, tag } = fromId("TagProtection", id, ["project", "tag"]);
    const rows = await api.rows<Row>(path`/projects/${project}/protected_tags`);
    const row = rows?.find((each) => each.name === tag);
    if (!row) return undefined;
    const { enterprise } = await api.metadata();
    const role = plainLevel(row.create_access_levels);
    const others = row.create_access_levels.filter((each) => each !== role);
    return {
      id,
      state: {
        project,
        tag,
        createAccessLevel: toProtectionLevel(role?.access_level) ?? null,
        ...(enterprise && { allowedToCreates: fromGrants(others) }),
      },
    };
  },

  /** GitLab changes none in place: the tags are unprotected between two calls. */
  async update(_id, inputs, api) {
    await api.remove(urlOf(inputs));
    try {
      await protect(inputs, api);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw error.withAdvice(`Tags ${inputs.tag} are not protected now: run pulumi up again.`);
    }
    return inputs;
  },

  async delete(id, api) {
    await api.remove(urlOf(fromId("TagProtection", id, ["project", "tag"])));
  },
});

function urlOf({ project, tag }: Pick<Inputs, "project" | "tag">): string {
  return path`/projects/${project}/protected_tags/${tag}`;
}

function protect(wanted: Inputs, api: GitLab): Promise<unknown> {
  const { project, tag, createAccessLevel, allowedToCreates } = wanted;
  return api.post(path`/projects/${project}/protected_tags`, {
    name: tag,
    create_access_level: accessLevels[createAccessLevel],
    ...(allowedToCreates?.length && { allowed_to_create: toGrants(allowedToCreates) }),
  });
}
