import type { Servers } from "../test/support/servers.ts";

export interface Requests {
  readonly total: number;
  /** Most first. */
  readonly byRoute: readonly (readonly [string, number])[];
}

/** What GitLab and aptly were asked since the last call. */
export function takeRequests({ gitlab, aptly }: Servers): Requests {
  const counts = new Map<string, number>();
  const count = (route: string, times: number) =>
    counts.set(route, (counts.get(route) ?? 0) + times);
  for (const [route, times] of Object.entries(gitlab.sandbox.requests.counts())) {
    count(`gitlab ${route}`, times);
  }
  for (const call of aptly.front.requests.splice(0)) count(`aptly ${call}`, 1);
  gitlab.sandbox.requests.reset();
  const byRoute = [...counts].sort(([, a], [, b]) => b - a);
  return { total: byRoute.reduce((sum, [, times]) => sum + times, 0), byRoute };
}
