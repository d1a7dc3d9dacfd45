import { z } from "zod";
import { type Properties, prop, sameParts } from "../../kit/property.ts";
import {
  accessLevels,
  type ProtectionLevel,
  protectionLevels,
  toProtectionLevel,
} from "../access-levels.ts";
import { each, Fields } from "../fields.ts";

const bool = z.boolean().optional();
const int = z.int().optional();
const text = z.string().optional();
const texts = z.array(z.string()).optional();

const roles = z.array(z.enum(protectionLevels));
const protection = z
  .object({
    allowedToPushes: roles.optional().describe("The roles that may push."),
    allowedToMerges: roles.optional().describe("The roles that may merge."),
    allowForcePush: bool.describe("Whether force pushes are let through."),
    developerCanInitialPush: bool.describe("Whether developers may make the first push."),
    codeOwnerApprovalRequired: bool.describe("Paid tiers only."),
  })
  .meta({
    id: "GroupDefaultBranchProtectionDefaults",
    description: "How the default branch of a new project is protected.",
  });

type Protection = z.output<typeof protection>;

/** https://docs.gitlab.com/api/groups/#create-a-group */
export const groupInputs = {
  path: prop(z.string(), "The last part of the group's path."),
  name: prop(z.string(), "The name shown. Default: the resource's name and 7 random hex digits."),
  parentId: prop(int, "The id of the group it is in; 0 for none. Changing it moves the group."),
  visibilityLevel: prop(
    z.enum(["private", "internal", "public"]).optional(),
    "Who sees it. Default: as the parent, else `private`.",
  ),
  description: prop(text, "What it is for."),
  defaultBranch: prop(text, "The default branch of new projects."),
  lfsEnabled: prop(bool, "Whether projects may use Git LFS."),
  requestAccessEnabled: prop(bool, "Whether users may ask to become members."),
  shareWithGroupLock: prop(bool, "Whether sharing projects with other groups is forbidden."),
  emailsEnabled: prop(bool, "Whether e-mails are sent."),
  mentionsDisabled: prop(bool, "Whether mentioning the whole group is forbidden."),
  autoDevopsEnabled: prop(bool, "Whether projects use Auto DevOps by default."),
  maxArtifactsSize: prop(int, "The most MB that the artifacts of a job may have."),
  projectCreationLevel: prop(
    z.enum(["noone", "owner", "maintainer", "developer", "administrator"]).optional(),
    "The lowest role that may create projects.",
  ),
  subgroupCreationLevel: prop(
    z.enum(["owner", "maintainer"]).optional(),
    "The lowest role that may create subgroups.",
  ),
  requireTwoFactorAuthentication: prop(bool, "Whether members need two-factor authentication."),
  twoFactorGracePeriod: prop(int, "Hours until two-factor authentication is enforced."),
  sharedRunnersSetting: prop(
    z
      .enum([
        "enabled",
        "disabled_and_overridable",
        "disabled_and_unoverridable",
        "disabled_with_override",
      ])
      .optional(),
    "Whether instance runners serve the group's projects.",
  ),
  defaultBranchProtection: prop(
    z.int().min(0).max(4).optional(),
    "Deprecated by GitLab: use `defaultBranchProtectionDefaults`. 0 is none, 2 is maintainers only.",
    { imported: "omitted" },
  ),
  defaultBranchProtectionDefaults: prop(
    protection.optional(),
    "How the default branch of a new project is protected. Parts left out are GitLab's own.",
    { same: sameParts },
  ),
  preventSharingGroupsOutsideHierarchy: prop(
    bool,
    "Whether sharing with groups outside this top-level group is forbidden.",
  ),
  membershipLock: prop(bool, "Whether adding members to projects is forbidden. Paid tiers only."),
  preventForkingOutsideGroup: prop(bool, "Whether forks stay in the group. Paid tiers only."),
  wikiAccessLevel: prop(
    z.enum(["disabled", "private", "enabled"]).optional(),
    "Who sees the group's wiki. Paid tiers only.",
  ),
  sharedRunnersMinutesLimit: prop(int, "Compute minutes a month. Paid tiers, administrators only."),
  extraSharedRunnersMinutesLimit: prop(
    int,
    "Additional compute minutes. Paid tiers, administrators only.",
  ),
  onlyAllowMergeIfPipelineSucceeds: prop(bool, "Paid tiers only."),
  onlyAllowMergeIfAllDiscussionsAreResolved: prop(bool, "Paid tiers only."),
  allowMergeOnSkippedPipeline: prop(bool, "Paid tiers only."),
  allowedEmailDomainsLists: prop(texts, "E-mail domains of members. Paid tiers only."),
  ipRestrictionRanges: prop(texts, "Networks from which it is reached. Paid tiers only."),
  permanentlyRemoveOnDelete: prop(
    bool,
    "Whether destroying it removes it for good instead of leaving it restorable for some days. Subgroups only. Default: false.",
    { passive: true },
  ),
  archiveOnDestroy: prop(
    bool,
    "Whether destroying it archives it instead of deleting it. Default: false.",
    { passive: true },
  ),
} satisfies Properties;

/** What an update leaves as it is unless it moves or renames the group. */
const located = { stable: ["path", "parentId"] } as const;

export const groupOutputs = {
  fullPath: prop(z.string(), "The path with those of its parents.", located),
  fullName: prop(z.string(), "The name with those of its parents.", {
    stable: ["name", "parentId"],
  }),
  webUrl: prop(z.string(), "Where people find it.", located),
  avatarUrl: prop(text, "The picture's address.", located),
  runnersToken: prop(z.string(), "Registers runners in the old way.", {
    secret: true,
    stable: true,
  }),
} satisfies Properties;

interface ProtectionRow {
  readonly allowed_to_push?: readonly LevelRow[];
  readonly allowed_to_merge?: readonly LevelRow[];
  readonly allow_force_push?: boolean;
  readonly developer_can_initial_push?: boolean;
  readonly code_owner_approval_required?: boolean;
}

interface LevelRow {
  readonly access_level: number;
}

const commaText = {
  to: (list: readonly string[]) => list.join(","),
  from: (list: string | null) => (list ? list.split(",") : []),
};

export const groupFields = new Fields(
  { ...groupInputs, ...groupOutputs },
  {
    visibilityLevel: { name: "visibility" },
    // Moving a group is a call of its own.
    parentId: {
      on: "create",
      to: (id: number) => id || undefined,
      from: (id: number | null) => id ?? 0,
    },
    defaultBranchProtectionDefaults: { to: toProtection, from: fromProtection },
    allowedEmailDomainsLists: { name: "allowed_email_domains_list", ...commaText },
    ipRestrictionRanges: commaText,
    ...each(["sharedRunnersSetting", "preventSharingGroupsOutsideHierarchy"], { on: "update" }),
    ...each(["permanentlyRemoveOnDelete", "archiveOnDestroy"], { on: "never" }),
  },
);

function toProtection(value: Protection): ProtectionRow {
  const { allowedToPushes: push, allowedToMerges: merge } = value;
  const { allowForcePush, developerCanInitialPush, codeOwnerApprovalRequired } = value;
  return {
    ...(push && { allowed_to_push: push.map(toLevel) }),
    ...(merge && { allowed_to_merge: merge.map(toLevel) }),
    ...(allowForcePush !== undefined && { allow_force_push: allowForcePush }),
    ...(developerCanInitialPush !== undefined && {
      developer_can_initial_push: developerCanInitialPush,
    }),
    ...(codeOwnerApprovalRequired !== undefined && {
      code_owner_approval_required: codeOwnerApprovalRequired,
    }),
  };
}

function fromProtection(row: ProtectionRow | null): Protection | null {
  if (!row) return null;
  const told = {
    allowedToPushes: row.allowed_to_push?.map(fromLevel),
    allowedToMerges: row.allowed_to_merge?.map(fromLevel),
    allowForcePush: row.allow_force_push,
    developerCanInitialPush: row.developer_can_initial_push,
    codeOwnerApprovalRequired: row.code_owner_approval_required,
  };
  return Object.fromEntries(
    Object.entries(told).filter(([, value]) => value !== undefined),
  ) as Protection;
}

function toLevel(role: ProtectionLevel): LevelRow {
  return { access_level: accessLevels[role] };
}

function fromLevel({ access_level }: LevelRow): string {
  return toProtectionLevel(access_level) ?? String(access_level);
}
