import type { Failure } from "../kit/kind.ts";

/** The releases in which aptly's API changed for what the kinds do. https://github.com/aptly-dev/aptly/releases */
export type Release = "1.6.0" | "1.6.3";

/** Whether a version as `GET /version` tells it (`1.5.0+ds1-1+b4`, `1.6.3`) is that release or a later one. */
export function isAtLeast(version: string, release: Release): boolean {
  const [found, wanted] = [numbers(version), numbers(release)];
  const differing = wanted.findIndex((number, index) => number !== (found[index] ?? 0));
  return differing === -1 || (found[differing] ?? 0) > (wanted[differing] ?? 0);
}

/** The faults of inputs that are set although the server is too old for them. */
export function checkRelease<Name extends string>(
  version: string,
  needs: readonly { readonly property: Name; readonly release: Release; readonly what?: string }[],
): Failure[] {
  return needs
    .filter(({ release }) => !isAtLeast(version, release))
    .map(({ property, release, what = property }) => ({
      property,
      reason: `${what} needs aptly ${release}, the server runs ${version}. Leave it out or upgrade aptly.`,
    }));
}

function numbers(version: string): number[] {
  const [release = ""] = version.split(/[^0-9.]/);
  return release.split(".").map(Number);
}
