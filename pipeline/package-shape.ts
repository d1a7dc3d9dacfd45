/** How a package is built: with CMake and CPack, or with its own packaging in `debian/`. */
export const buildSystems = ["cmake", "debian"] as const;
export type BuildSystem = (typeof buildSystems)[number];

/**
 * `any`: built on every distribution of its own. `all`: built once, and the same file goes to every
 * distribution, since it holds nothing that depends on one (headers, scripts, data).
 */
export const packageArchitectures = ["any", "all"] as const;
export type PackageArchitecture = (typeof packageArchitectures)[number];

/** Those of a package's distributions that it is compiled on: all of them, or the first for all. */
export function listBuilders<Target>(
  targets: readonly Target[],
  architecture: PackageArchitecture,
): readonly Target[] {
  return architecture === "all" ? targets.slice(0, 1) : targets;
}
