import { z } from "zod";
import { accessLevels, protectionLevels, toProtectionLevel } from "./access-levels.ts";

/** One entry of a protection's list of who may: a role, or on paid tiers one user, group or deploy key. */
export interface GrantRow {
  readonly id: number;
  readonly access_level: number | null;
  readonly user_id?: number | null;
  readonly group_id?: number | null;
  readonly deploy_key_id?: number | null;
}

const fields = {
  accessLevel: z.enum(protectionLevels).optional().describe("The lowest role that may."),
  userId: z.int().optional().describe("The number of a user who may."),
  groupId: z.int().optional().describe("The number of a group whose members may."),
};

const keyField = {
  deployKeyId: z.int().optional().describe("The number of a deploy key that may."),
};

const isOne = (given: object) =>
  Object.values(given).filter((each) => each !== undefined).length === 1;

/** The type of a grant under its official name. */
export const memberGrant = (id: string) =>
  z
    .object(fields)
    .refine(isOne, "must have exactly one of accessLevel, userId and groupId")
    .meta({ id });

export const grant = (id: string) =>
  z
    .object({ ...fields, ...keyField })
    .refine(isOne, "must have exactly one of accessLevel, userId, groupId and deployKeyId")
    .meta({ id });

export type Grant = z.output<ReturnType<typeof grant>>;

/** What `allowed_to_push` and its like take. */
export function toGrants(grants: readonly Grant[]) {
  return grants.map(({ accessLevel, userId, groupId, deployKeyId }) => ({
    ...(accessLevel !== undefined && { access_level: accessLevels[accessLevel] }),
    ...(userId !== undefined && { user_id: userId }),
    ...(groupId !== undefined && { group_id: groupId }),
    ...(deployKeyId !== undefined && { deploy_key_id: deployKeyId }),
  }));
}

export function fromGrants(rows: readonly GrantRow[]): Grant[] {
  return rows.map(({ access_level, user_id, group_id, deploy_key_id }) => {
    if (user_id) return { userId: user_id };
    if (group_id) return { groupId: group_id };
    if (deploy_key_id) return { deployKeyId: deploy_key_id };
    const accessLevel = toProtectionLevel(access_level);
    return accessLevel === undefined ? {} : { accessLevel };
  });
}

/** What to send so that `rows` become `wanted`: the new ones, and the superfluous ones marked for removal. */
export function toGrantChanges(wanted: readonly Grant[], rows: readonly GrantRow[]): object[] {
  const there = new Set(fromGrants(rows).map(toText));
  const kept = new Set(wanted.map(toText));
  return [
    ...toGrants(wanted.filter((each) => !there.has(toText(each)))),
    ...rows
      .filter((row) => !fromGrants([row]).some((each) => kept.has(toText(each))))
      .map(({ id }) => ({ id, _destroy: true })),
  ];
}

export function sameGrants(a?: readonly Grant[], b?: readonly Grant[]): boolean {
  const toTexts = (grants: readonly Grant[] = []) => grants.map(toText).sort().join();
  return toTexts(a) === toTexts(b);
}

/** The entry that is a role for everyone: what the free tier has instead of a list. */
export function plainLevel(rows: readonly GrantRow[]): GrantRow | undefined {
  return rows.find((row) => !row.user_id && !row.group_id && !row.deploy_key_id);
}

function toText({ accessLevel, userId, groupId, deployKeyId }: Grant): string {
  return JSON.stringify([accessLevel, userId, groupId, deployKeyId]);
}
