import type { GitLab } from "./client.ts";

/** What tells where a group or project is; of the state, or of what a server has under the same id. */
export interface Place {
  readonly fullPath?: string | undefined;
  readonly webUrl?: string | undefined;
  /** Random for each object; only told to those who may register runners. */
  readonly runnersToken?: string | undefined;
}

/**
 * Refuses an object that has the id of the state's, but is another server's: ids are counted anew on each.
 * On the same server under a new address, the object still has its path and its token.
 */
export function refuseOtherServer(api: GitLab, recorded: Place, found: Place): void {
  const [before, now] = [serverOf(recorded), serverOf(found)];
  if (before === undefined || now === undefined || before === now) return;
  const isSame =
    recorded.fullPath === found.fullPath &&
    (!recorded.runnersToken || !found.runnersToken || recorded.runnersToken === found.runnersToken);
  if (!isSame) throw api.address.refusal(before);
}

/** `https://gitlab.example.com` of `https://gitlab.example.com/groups/infra`. */
function serverOf({ fullPath, webUrl }: Place): string | undefined {
  if (!fullPath || !webUrl?.endsWith(`/${fullPath}`)) return undefined;
  return webUrl.slice(0, -fullPath.length - 1).replace(/\/groups$/, "");
}
