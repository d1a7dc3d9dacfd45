import { z } from "zod";
import { flag, integer, text } from "./input.ts";

/** Settings of a group. https://docs.gitlab.com/api/groups/#update-group-attributes */

const levels = z.array(z.strictObject({ access_level: integer }));

const common = {
  default_branch: text.nullable(),
  lfs_enabled: flag,
  request_access_enabled: flag,
  share_with_group_lock: flag,
  emails_enabled: flag,
  mentions_disabled: flag,
  auto_devops_enabled: flag.nullable(),
  max_artifacts_size: integer.nullable(),
  project_creation_level: z.enum(["noone", "owner", "maintainer", "developer", "administrator"]),
  subgroup_creation_level: z.enum(["owner", "maintainer"]),
  require_two_factor_authentication: flag,
  two_factor_grace_period: integer,
  default_branch_protection: z
    .union([z.literal([0, 1, 2, 3, 4]), z.enum(["0", "1", "2", "3", "4"])])
    .transform(Number),
  default_branch_protection_defaults: z.strictObject({
    allowed_to_push: levels.optional(),
    allowed_to_merge: levels.optional(),
    allow_force_push: flag.optional(),
    developer_can_initial_push: flag.optional(),
    code_owner_approval_required: flag.optional(),
  }),
};

const updateOnly = {
  shared_runners_setting: z.enum([
    "enabled",
    "disabled_and_overridable",
    "disabled_and_unoverridable",
    "disabled_with_override",
  ]),
  prevent_sharing_groups_outside_hierarchy: flag,
};

const paidFields = [
  "membership_lock",
  "prevent_forking_outside_group",
  "wiki_access_level",
  "shared_runners_minutes_limit",
  "extra_shared_runners_minutes_limit",
  "only_allow_merge_if_pipeline_succeeds",
  "only_allow_merge_if_all_discussions_are_resolved",
  "allow_merge_on_skipped_pipeline",
  "allowed_email_domains_list",
  "ip_restriction_ranges",
];

/** Paid settings, which the free tier takes and forgets. */
const paid = Object.fromEntries(paidFields.map((name) => [name, z.unknown()]));

const stored = z.object({ ...common, ...updateOnly });

/** What a group remembers of its settings. */
export type GroupSettings = z.output<typeof stored>;

/** Parameters of POST and PUT that are settings. */
export const groupSettingsParameters = z
  .object({ ...common, ...updateOnly, ...paid })
  .partial().shape;

/** Settings to store of what a call gave; a POST passes `create` and loses the PUT-only ones. */
export function toGroupSettings(
  given: Record<string, unknown>,
  verb: "create" | "update",
  before: GroupSettings,
): GroupSettings {
  const known = Object.keys(verb === "create" ? common : { ...common, ...updateOnly });
  const picked = known.filter((name) => given[name] !== undefined);
  const after = { ...before, ...Object.fromEntries(picked.map((name) => [name, given[name]])) };
  const number = given.default_branch_protection as number | undefined;
  return number === undefined
    ? after
    : { ...after, default_branch_protection_defaults: toProtectionDefaults(number) };
}

/**
 * What the older number means: 0 none, 1 developers push, 2 full, 3 developers merge, 4 as 3 with
 * the first push open to developers.
 */
function toProtectionDefaults(number: number): GroupSettings["default_branch_protection_defaults"] {
  return {
    allowed_to_push: [{ access_level: number < 2 ? 30 : 40 }],
    allow_force_push: number === 0,
    allowed_to_merge: [{ access_level: [1, 2].includes(number) ? 40 : 30 }],
    developer_can_initial_push: number === 4,
  };
}

/** Settings of a group for which nothing was asked. */
export const groupDefaults: GroupSettings = {
  default_branch: null,
  lfs_enabled: true,
  request_access_enabled: true,
  share_with_group_lock: false,
  emails_enabled: true,
  mentions_disabled: false,
  auto_devops_enabled: null,
  max_artifacts_size: null,
  project_creation_level: "developer",
  subgroup_creation_level: "maintainer",
  require_two_factor_authentication: false,
  two_factor_grace_period: 48,
  default_branch_protection: 2,
  default_branch_protection_defaults: {
    allowed_to_push: [{ access_level: 40 }],
    allow_force_push: false,
    allowed_to_merge: [{ access_level: 40 }],
    developer_can_initial_push: false,
  },
  shared_runners_setting: "enabled",
  prevent_sharing_groups_outside_hierarchy: false,
};
