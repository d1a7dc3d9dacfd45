import type { PackageArchitecture } from "./package-shape.ts";

/** aptly's local repository of a codename: `infra` and `bookworm` give `infra_bookworm`. */
export function aptRepositoryName(repository: string, codename: string): string {
  return `${repository}_${codename}`;
}

/** A publication's name for people: `trunk/bookworm`. apt reads its index at `trunk/dists/bookworm`. */
export function publicationPath(prefix: string, codename: string): string {
  return prefix === "" ? codename : `${prefix}/${codename}`;
}

/**
 * Upload jobs that share this name run one at a time, so no two publish one distribution at once. GitLab
 * allows no colon in it: https://docs.gitlab.com/ci/yaml/#resource_group
 */
export function publicationResourceGroup(prefix: string, codename: string): string {
  const path = publicationPath(prefix, codename);
  return `apt/${path.replaceAll(":/", "/").replaceAll(":", "/")}`;
}

/**
 * The builder image of a codename, without tag: `127.0.0.1:5050/builder-bookworm`; that of a group of
 * packages `127.0.0.1:5050/builder-bookworm-qt`.
 */
export function builderImageName(registry: string, codename: string, group?: string): string {
  return `${registry}/builder-${builderImageKey(codename, group)}`;
}

/** What the stack calls a builder image: its codename, and the group of packages that it is for. */
export function builderImageKey(codename: string, group?: string): string {
  return group === undefined ? codename : `${codename}-${group}`;
}

/** The CI/CD variable that holds a builder image, by what the stack calls it: `BUILDER_IMAGE_BOOKWORM`. */
export function builderImageVariable(codename: string): string {
  return `BUILDER_IMAGE_${codename.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/**
 * The name of the job whose packages a codename gets: its own, or the one that compiles for all. That of
 * a further architecture has it at the end: `compile_on_bookworm_arm64`.
 */
export function compileJobName(
  codename: string,
  architecture: PackageArchitecture,
  further?: string,
): string {
  return architecture === "all" ? "compile_for_all" : joinName("compile_on", codename, further);
}

/** The name of the job that tests a codename's packages on an architecture, or those of a group. */
export function testJobName(codename: string, further?: string, group?: string): string {
  return joinName("test_on", codename, further, group);
}

function joinName(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("_");
}

/** The name of the job that uploads a codename's packages. */
export function uploadJobName(codename: string): string {
  return `upload_on_${codename}`;
}

/**
 * The template project's file. Its name is the version of its interface: the hidden jobs, the shell's
 * functions and the variables that packages' files name. Compatible fixes keep it; what breaks a file
 * that was committed before goes into a `package-v2.yml` beside it.
 */
export const templateFile = "package-v1.yml";

/** The branch of the template project that holds its newest state. */
export const templateBranch = "main";

/** Tags of the template's states. */
export const templateTags = "package-v1-*";

/** What the descriptions of variables that a stack makes for its pipelines begin with. */
export const markStart = "Kept by Pulumi as ";
