import { ApiError } from "../kit/api-error.ts";
import type { Live } from "../kit/kind.ts";
import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";

/** https://docs.gitlab.com/api/access_requests/: from Guest on, a member sees all projects of a group. */
const guest = 10;

/**
 * GitLab answers 404 for what a token's user may not see as for what is gone. A group that the state has
 * and nobody finds is therefore never believed to be gone.
 */
export async function refuseHiddenGroup(api: GitLab, id: string): Promise<never> {
  throw await hidden(api, path`/groups/${id}`, "the group");
}

/** A project is believed to be gone where the token's user would see it: as a member of its group, or as an administrator. */
export async function refuseHiddenProject(
  api: GitLab,
  id: string,
  groupId: number | undefined,
): Promise<void> {
  const user = await api.user();
  if (user.is_admin) return;
  const membership = path`/groups/${groupId ?? 0}/members/all/${user.id}`;
  const member = await api.once(membership, () =>
    api.find<{ readonly access_level: number }>(membership),
  );
  if (!member || member.access_level < guest) {
    throw await hidden(api, path`/projects/${id}`, `the project's group (${groupId})`);
  }
}

/** What lies in a project or group that is not to be seen is not known to be gone: it keeps its state. */
export async function keepHidden<S>(
  api: GitLab,
  id: string,
  prior: object,
): Promise<Live<S> | undefined> {
  const parent = parentOf(prior);
  if (parent === undefined) return undefined;
  const found = await api.once(parent, () => api.find<object>(parent));
  return found ? undefined : { id, state: {} };
}

function parentOf(prior: { readonly project?: unknown; readonly group?: unknown }) {
  if (typeof prior.project === "string") return path`/projects/${prior.project}`;
  if (typeof prior.group === "string") return path`/groups/${prior.group}`;
  return undefined;
}

async function hidden(api: GitLab, url: string, place: string): Promise<ApiError> {
  const { username } = await api.user();
  return new ApiError({
    service: "gitlab",
    method: "GET",
    path: url,
    status: 404,
    answer: `the token's user, ${username}, may not see it, or it is gone`,
    advice: `Nothing was taken out of the state. Give ${username} a role in ${place}; or, if it was deleted, run: pulumi state delete --target-dependents '<urn>'`,
  });
}
