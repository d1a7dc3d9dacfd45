import { z } from "zod";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { accessLevels, protectionLevels, toProtectionLevel } from "../access-levels.ts";
import { kind } from "../declare.ts";
import { checkPaidInputs } from "../edition.ts";
import { fromGrants, type GrantRow, grant, plainLevel, sameGrants, toGrants } from "../grants.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/tagProtection:TagProtection";

interface Row {
  readonly name: string;
  readonly create_access_levels: readonly GrantRow[];
}

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
  inputs: {
    project: prop(z.string(), "The id or full path of the project.", { replace: true }),
    tag: prop(z.string().min(1), "A tag, or several by wildcard: `v*`.", { replace: true }),
    createAccessLevel: prop(
      z.enum(protectionLevels).default("maintainer"),
      "The lowest role that may create such tags. Default: `maintainer`.",
      { replace: "delete-first" },
    ),
    allowedToCreates: prop(
      z.array(grant("TagProtectionAllowedToCreate")).optional(),
      "Further users, groups, deploy keys or roles that may. Paid tiers only.",
      { replace: "delete-first", same: sameGrants },
    ),
  },
  outputs: {},
  check: (inputs, { api }) => checkPaidInputs(api, inputs, ["allowedToCreates"]),

  async create(inputs, api) {
    const id = toId(inputs.project, inputs.tag);
    try {
      await api.post(path`/projects/${inputs.project}/protected_tags`, {
        name: inputs.tag,
        create_access_level: accessLevels[inputs.createAccessLevel],
        ...(inputs.allowedToCreates?.length && {
          allowed_to_create: toGrants(inputs.allowedToCreates),
        }),
      });
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

  async delete(id, api) {
    const { project, tag } = fromId("TagProtection", id, ["project", "tag"]);
    await api.remove(path`/projects/${project}/protected_tags/${tag}`);
  },
});
