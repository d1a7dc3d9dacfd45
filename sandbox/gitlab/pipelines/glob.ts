const wild: Record<string, string> = { "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]" };

/**
 * Whether a path of a repository matches a pattern of `rules: changes` or `rules: exists`: `*` stays
 * within a folder, `**` crosses folders, `{a,b}` gives alternatives.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\/+/, "")
    .replaceAll(/\*\*\/|\*\*|[*?]|\{[^}]*\}|[.+^$()|[\]\\]/g, (part) => {
      if (part.startsWith("{")) return `(?:${part.slice(1, -1).split(",").join("|")})`;
      return wild[part] ?? `\\${part}`;
    });
  return new RegExp(`^${source}$`).test(path);
}
