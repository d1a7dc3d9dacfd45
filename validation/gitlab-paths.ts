import type { Refusal } from "./text-rules.ts";

/** Words that GitLab keeps for itself: https://docs.gitlab.com/user/reserved_names/ */
const reservedProjectPaths = new Set([
  "-", "badges", "blame", "blob", "builds", "commits", "create", "create_dir", "edit", "files",
  "find_file", "new", "preview", "raw", "refs", "tree", "update", "wikis",
]); // biome-ignore format: a word list
const reservedTopLevelGroups = new Set([
  "-", ".well-known", "admin", "api", "assets", "dashboard", "explore", "groups", "help", "import",
  "jwt", "oauth", "profile", "projects", "public", "search", "s", "u", "unsubscribes", "uploads",
  "users", "v2",
]); // biome-ignore format: a word list

const segment = /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/;
const maximumLength = 255;

/** A group's full path, parents included: `infra` or `platform/infra`. */
export function checkGroupPath(path: string): Refusal | undefined {
  const [first = "", ...nested] = path.split("/");
  if (reservedTopLevelGroups.has(first.toLowerCase())) return reserved(path, first);
  const word = nested.find((part) => reservedProjectPaths.has(part.toLowerCase()));
  if (word !== undefined) return reserved(path, word);
  if ([first, ...nested].every(isSegment)) return undefined;
  return {
    message: `"${path}" is not a path that GitLab takes for a group`,
    fix: "Join names with /; each of letters, digits and single ., _ or - between them, not ending in .git or .atom.",
  };
}

/** The last part of a project's path. */
export function checkProjectPath(path: string): Refusal | undefined {
  if (reservedProjectPaths.has(path.toLowerCase())) return reserved(path, path);
  if (isSegment(path)) return undefined;
  return {
    message: `"${path}" is not a path that GitLab takes for a project`,
    fix: "Use letters, digits and single ., _ or - between them, not ending in .git or .atom.",
  };
}

function isSegment(part: string): boolean {
  return segment.test(part) && part.length <= maximumLength && !/\.(git|atom)$/i.test(part);
}

function reserved(path: string, word: string): Refusal {
  return {
    message: `"${path}" uses "${word}", which GitLab keeps for itself`,
    fix: "Take another name.",
  };
}
