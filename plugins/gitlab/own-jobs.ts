import { path } from "../kit/path.ts";
import { expectedFiles } from "./ci-lint.ts";
import type { GitLab } from "./client.ts";
import { type IncludedFile, isExpected, readIncludes, readNames } from "./included-files.ts";

/** What a file that is included may not say, since it would decide over jobs that are not its own. */
const global = ["default", "workflow", "stages"];

/** Keywords that a file shares with those that it includes. */
const shared = new Set(["include", "variables"]);

/** A project's CI configuration, on its branch. */
export interface Configuration {
  readonly project: string;
  readonly branch: string;
  readonly content: string;
}

/**
 * The included files that name a job of the configuration, a hidden one that it extends, or a global
 * keyword: GitLab would merge them without a word. A sentence for each.
 * https://docs.gitlab.com/ci/yaml/includes/#override-included-configuration-arrays
 */
export async function findClashes(api: GitLab, configuration: Configuration): Promise<string[]> {
  const included = readIncludes(configuration.content);
  const shell = expectedFiles(api).filter((file) => included.some((one) => isExpected(one, file)));
  if (shell.length === 0) return [];
  const taken = new Set([
    ...global,
    ...[configuration, ...shell].flatMap(({ content }) => readNames(content)),
  ]);
  const own = included.filter((one) => !shell.some((file) => isExpected(one, file)));
  const found = await Promise.all(
    own.map(async (file) => {
      const text = await readText(api, configuration, file);
      const names = readNames(text ?? "").filter((name) => taken.has(name) && !shared.has(name));
      return names.length === 0 ? [] : [toSentence(configuration, file, names)];
    }),
  );
  return found.flat();
}

/** A file that is not there is GitLab's to refuse. */
async function readText(
  api: GitLab,
  { project, branch }: Configuration,
  included: IncludedFile,
): Promise<string | undefined> {
  const where = included.project ?? project;
  const ref = included.ref ?? (included.project === undefined ? branch : "HEAD");
  const url = path`/projects/${where}/repository/files/${included.file}`;
  const row = await api.find<{ readonly content: string }>(url, { ref });
  return row && Buffer.from(row.content, "base64").toString("utf8");
}

function toSentence({ project }: Configuration, { file, ...place }: IncludedFile, names: string[]) {
  const list = names.map((name) => `"${name}"`).join(", ");
  return `${file} of ${place.project ?? project} names ${list}, which the pipeline has itself: GitLab would merge both. Rename there what is its own, and leave out the rest.`;
}
