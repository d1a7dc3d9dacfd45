import { isStatus } from "../kit/api-error.ts";
import { isLost } from "../kit/creation.ts";
import type { GitLab } from "./client.ts";

const nobodyKnows =
  "If an update that was cut off made it, nobody knows its value: revoke it in GitLab.";

const lost =
  "GitLab may have made it all the same, and told its value in that answer alone: revoke it there if it is in the list, and run pulumi up again.";

/** Tells the user of tokens that look like the one to be made: GitLab does not tell whose they are. */
export async function reportTwins<Row extends { readonly id: number; readonly name: string }>(
  api: GitLab,
  url: string,
  isTwin: (row: Row) => boolean,
): Promise<void> {
  for (const row of (await list<Row>(api, url)).filter(isTwin)) {
    api.report(
      `${url} has a token "${row.name}" like the new one already, ${row.id}. ${nobodyKnows}`,
    );
  }
}

/** Nothing for a user who may not list them, to whom the create itself says so. */
async function list<Row>(api: GitLab, url: string): Promise<readonly Row[]> {
  try {
    return (await api.rows<Row>(url)) ?? [];
  } catch (error) {
    if (isStatus(error, 401, 403)) return [];
    throw error;
  }
}

/** A create in whose answer alone the token is told: when that is lost, the error says so. */
export async function tellingToken<T>(create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    throw isLost(error) ? error.withAdvice(lost) : error;
  }
}
