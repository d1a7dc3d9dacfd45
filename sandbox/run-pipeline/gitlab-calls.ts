/** Where GitLab's API is and who asks. */
export interface GitLabAccess {
  /** Ends in `/api/v4/`. */
  url: string;
  token: string;
}

/** Sends a call; throws when GitLab does not answer with success, but for the statuses in `expected`. */
export async function callGitLab(
  access: GitLabAccess,
  path: string,
  { method = "GET", expected = [] }: { method?: string; expected?: readonly number[] } = {},
): Promise<Response> {
  const headers = { "PRIVATE-TOKEN": access.token };
  const response = await fetch(new URL(path, access.url), { method, headers });
  if (response.ok || expected.includes(response.status)) return response;
  throw new Error(`${method} ${path} answered ${response.status}`);
}

/** The body of an answer, undefined for 404. */
export async function readFromGitLab<T>(
  access: GitLabAccess,
  path: string,
): Promise<T | undefined> {
  const response = await callGitLab(access, path, { expected: [404] });
  return response.status === 404 ? undefined : ((await response.json()) as T);
}
