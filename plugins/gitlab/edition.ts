import type { Failure } from "../kit/kind.ts";
import type { Values } from "../kit/wire.ts";
import type { GitLab } from "./client.ts";

/** Inputs that only the Enterprise Edition knows; `false` and an empty list ask for nothing. */
export async function checkPaidInputs(
  api: GitLab,
  inputs: Values,
  paid: readonly string[],
): Promise<readonly Failure[]> {
  const asked = paid.filter((key) => {
    const value = inputs[key];
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
  if (asked.length === 0 || (await api.metadata()).enterprise) return [];
  return asked.map((property) => ({
    property,
    reason: `${property} belongs to GitLab's paid tiers, and this server is a Community Edition. Leave it out.`,
  }));
}
