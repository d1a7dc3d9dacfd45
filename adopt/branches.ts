import { toProtectionLevel } from "../plugins/gitlab/access-levels.ts";
import { branchPattern } from "../validation/text-rules.ts";
import { type Adopted, type Entry, withoutUnset } from "./adopted.ts";
import type { ProtectionRow } from "./gitlab-rows.ts";

/** Protected branches as the configuration has them. */
export function toProtectedBranches(
  rows: readonly ProtectionRow[],
  subject: string,
): Adopted<Entry> {
  const remarks: string[] = [];
  const entries = rows.flatMap((row) => {
    const entry = toEntry(row);
    if (entry) return [[row.name, entry] as const];
    remarks.push(
      `${subject}: the protection of ${row.name} names more than one role; it is left alone.`,
    );
    return [];
  });
  return { entry: Object.fromEntries(entries), secrets: [], remarks };
}

/** Users, groups and approvals of the paid tiers have no words in the configuration. */
function toEntry(row: ProtectionRow): Entry | undefined {
  const push = toRole(row.push_access_levels);
  const merge = toRole(row.merge_access_levels);
  const isPaid = row.code_owner_approval_required || row.unprotect_access_levels?.length;
  if (!push || !merge || isPaid || branchPattern(row.name)) return undefined;
  return withoutUnset({ push, merge, forcePush: row.allow_force_push || undefined });
}

function toRole(levels: ProtectionRow["push_access_levels"]) {
  const [only, ...others] = levels;
  const isNamed = only?.user_id || only?.group_id || only?.deploy_key_id;
  return others.length > 0 || isNamed ? undefined : toProtectionLevel(only?.access_level);
}
