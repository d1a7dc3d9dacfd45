import { z } from "zod";
import { type Properties, prop, type ValuesOf } from "../../kit/property.ts";
import { accessLevels, protectionLevels, toProtectionLevel } from "../access-levels.ts";
import {
  fromGrants,
  type Grant,
  type GrantRow,
  grant,
  memberGrant,
  plainLevel,
  sameGrants,
  toGrantChanges,
  toGrants,
} from "../grants.ts";

/** What a branch protection takes. https://docs.gitlab.com/api/protected_branches/ */
export const branchProtectionInputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  branch: prop(z.string().min(1), "A branch, or several by wildcard: `release/*`.", {
    replace: true,
  }),
  pushAccessLevel: prop(
    z.enum(protectionLevels).optional(),
    "The lowest role that may push. GitLab's default: `maintainer`.",
    { computed: true },
  ),
  mergeAccessLevel: prop(
    z.enum(protectionLevels).optional(),
    "The lowest role that may merge. GitLab's default: `maintainer`.",
    { computed: true },
  ),
  allowForcePush: prop(
    z.boolean().default(false),
    "Those who may push may also rewrite history. Default: false.",
  ),
  codeOwnerApprovalRequired: prop(
    z.boolean().default(false),
    "Changes of owned files want a code owner's approval. Paid tiers only. Default: false.",
  ),
  allowedToPushes: prop(
    z.array(grant("BranchProtectionAllowedToPush")).optional(),
    "Users, groups, deploy keys or roles that may push. Paid tiers only.",
    { same: sameGrants },
  ),
  allowedToMerges: prop(
    z.array(memberGrant("BranchProtectionAllowedToMerge")).optional(),
    "Users, groups or roles that may merge. Paid tiers only.",
    { same: sameGrants },
  ),
  allowedToUnprotects: prop(
    z.array(memberGrant("BranchProtectionAllowedToUnprotect")).optional(),
    "Users, groups or roles that may lift the protection. Paid tiers only.",
    { same: sameGrants },
  ),
} satisfies Properties;

export type BranchProtection = ValuesOf<typeof branchProtectionInputs>;

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly push_access_levels: readonly GrantRow[];
  readonly merge_access_levels: readonly GrantRow[];
  readonly allow_force_push: boolean;
  /** Only the Enterprise Edition tells these two. */
  readonly unprotect_access_levels?: readonly GrantRow[];
  readonly code_owner_approval_required?: boolean;
}

export function toRow(wanted: BranchProtection) {
  const { pushAccessLevel: push, mergeAccessLevel: merge } = wanted;
  return {
    name: wanted.branch,
    allow_force_push: wanted.allowForcePush,
    ...(push && { push_access_level: accessLevels[push] }),
    ...(merge && { merge_access_level: accessLevels[merge] }),
    ...(wanted.codeOwnerApprovalRequired && { code_owner_approval_required: true }),
    ...toList("allowed_to_push", wanted.allowedToPushes),
    ...toList("allowed_to_merge", wanted.allowedToMerges),
    ...toList("allowed_to_unprotect", wanted.allowedToUnprotects),
  };
}

function toList(field: string, grants: readonly Grant[] = []) {
  return grants.length > 0 ? { [field]: toGrants(grants) } : {};
}

/**
 * `managed`: what the program sets, which tells whether a role of the paid tiers is a list's entry. It is
 * empty for an import, where a single role is one.
 */
export function fromRow(row: Row, managed: Partial<BranchProtection>) {
  const isImport = Object.keys(managed).length === 0;
  const push = split(row, row.push_access_levels, managed.pushAccessLevel, isImport);
  const merge = split(row, row.merge_access_levels, managed.mergeAccessLevel, isImport);
  return {
    branchProtectionId: row.id,
    pushAccessLevel: push.role,
    mergeAccessLevel: merge.role,
    allowForcePush: row.allow_force_push,
    codeOwnerApprovalRequired: row.code_owner_approval_required ?? false,
    allowedToPushes: push.grants && fromGrants(push.grants),
    allowedToMerges: merge.grants && fromGrants(merge.grants),
    allowedToUnprotects: row.unprotect_access_levels && fromGrants(row.unprotect_access_levels),
  };
}

/** The one role of the free tier, and the list of the paid ones. */
function split(row: Row, levels: readonly GrantRow[], role: string | undefined, isImport = false) {
  const isEnterprise = row.unprotect_access_levels !== undefined;
  const isRole = role !== undefined || !isEnterprise || (isImport && levels.length === 1);
  const plain = isRole ? plainLevel(levels) : undefined;
  return {
    role: toProtectionLevel(plain?.access_level) ?? null,
    grants: isEnterprise ? levels.filter((level) => level !== plain) : undefined,
  };
}

/** What the branch's own roles come to: those that the program sets, else those that are there. */
export function rolesOf(wanted: BranchProtection, row: Row) {
  const found = fromRow(row, wanted);
  const pushAccessLevel = wanted.pushAccessLevel ?? found.pushAccessLevel ?? undefined;
  const mergeAccessLevel = wanted.mergeAccessLevel ?? found.mergeAccessLevel ?? undefined;
  const differ =
    (found.pushAccessLevel ?? undefined) !== pushAccessLevel ||
    (found.mergeAccessLevel ?? undefined) !== mergeAccessLevel;
  return {
    differ,
    roles: {
      ...(pushAccessLevel && { pushAccessLevel }),
      ...(mergeAccessLevel && { mergeAccessLevel }),
    },
  };
}

/** What can be changed in place and differs. */
export function toChanges(wanted: BranchProtection, row: Row): object {
  const push = split(row, row.push_access_levels, wanted.pushAccessLevel);
  const merge = split(row, row.merge_access_levels, wanted.mergeAccessLevel);
  const force = wanted.allowForcePush;
  const approval = wanted.codeOwnerApprovalRequired;
  return {
    ...(force !== row.allow_force_push && { allow_force_push: force }),
    ...(approval !== (row.code_owner_approval_required ?? false) && {
      code_owner_approval_required: approval,
    }),
    ...toListChange("allowed_to_push", wanted.allowedToPushes, push.grants),
    ...toListChange("allowed_to_merge", wanted.allowedToMerges, merge.grants),
    ...toListChange(
      "allowed_to_unprotect",
      wanted.allowedToUnprotects,
      row.unprotect_access_levels,
    ),
  };
}

function toListChange(field: string, wanted?: readonly Grant[], rows?: readonly GrantRow[]) {
  if (!wanted || !rows || sameGrants(wanted, fromGrants(rows))) return {};
  return { [field]: toGrantChanges(wanted, rows) };
}
