import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";
import { readIncludes } from "./included-files.ts";

/** A file of a project, and the branch, tag or commit at which it is read. */
interface Place {
  readonly project: string;
  readonly ref: string;
  readonly file: string;
}

export interface IncludedText extends Place {
  readonly content: string;
}

/**
 * What a configuration includes, and what that includes in turn, each file once. What is not there is
 * GitLab's to refuse; what lies on other servers is not read, nor what `isKnown` knows.
 * https://docs.gitlab.com/ci/yaml/includes/#use-nested-includes
 */
export async function readIncluded(
  api: GitLab,
  including: Omit<IncludedText, "file">,
  isKnown: (place: Place) => boolean,
  seen = new Set<string>(),
): Promise<IncludedText[]> {
  const named = readIncludes(including.content).map(({ project, file, ref }) => ({
    project: project ?? including.project,
    ref: ref ?? (project === undefined ? including.ref : "HEAD"),
    file,
  }));
  const places = (await Promise.all(named.map((place) => expand(place, api)))).flat();
  const read = places.map(async (place) => {
    const key = JSON.stringify(place);
    if (seen.has(key) || isKnown(place)) return [];
    seen.add(key);
    const content = await readText(place, api);
    if (content === undefined) return [];
    const text = { ...place, content };
    return [text, ...(await readIncluded(api, text, isKnown, seen))];
  });
  return (await Promise.all(read)).flat();
}

/** https://docs.gitlab.com/ci/yaml/includes/#use-includelocal-with-wildcard-file-paths */
async function expand(place: Place, api: GitLab): Promise<Place[]> {
  const { project, ref, file } = place;
  if (!file.includes("*")) return [place];
  const tree = path`/projects/${project}/repository/tree`;
  const rows = await api.rows<{ readonly path: string }>(tree, { ref, recursive: true });
  const parts = file.split(/(\*+)/).map((part) => {
    if (part.startsWith("*")) return part === "*" ? "[^/]*" : ".*";
    return part.replaceAll(/[^\w/-]/g, "\\$&");
  });
  const pattern = new RegExp(`^${parts.join("")}$`);
  return (rows ?? [])
    .filter((row) => pattern.test(row.path))
    .map((row) => ({ ...place, file: row.path }));
}

async function readText({ project, ref, file }: Place, api: GitLab) {
  const url = path`/projects/${project}/repository/files/${file}`;
  const row = await api.find<{ readonly content: string }>(url, { ref });
  return row && Buffer.from(row.content, "base64").toString("utf8");
}
