/** `ciDefaultGitDepth` is `ci_default_git_depth`: the spelling of GitLab's keys. */
export function toSnakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
