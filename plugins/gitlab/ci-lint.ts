import { isStatus } from "../kit/api-error.ts";
import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";
import { type ExpectedFile, inlineExpected } from "./included-files.ts";

interface Verdict {
  readonly valid: boolean;
  readonly errors: readonly string[];
}

/** What was found valid, by connection: the check of a file and its commit need one call between them. */
const valid = new WeakMap<GitLab, Set<string>>();

/** What this run is about to commit for others to include, by connection. */
const expected = new WeakMap<GitLab, readonly ExpectedFile[]>();

/** Lets configurations that include a file be linted with the content that it will have. */
export function expectFile(api: GitLab, file: ExpectedFile): void {
  const others = expectedFiles(api).filter(
    (each) => each.project !== file.project || each.file !== file.file,
  );
  expected.set(api, [...others, file]);
}

export function expectedFiles(api: GitLab): readonly ExpectedFile[] {
  return expected.get(api) ?? [];
}

/** Why a file that others include must not be committed. Its project may not be there yet. */
export function refusalsOf(api: GitLab, file: string | undefined, content: string) {
  return expectedFiles(api)
    .filter((each) => each.file === file && each.content === content)
    .flatMap(({ refusals }) => refusals);
}

/** `.gitlab-ci.yml`, and what is named after it so that it can be included. */
export function isPipeline(filePath: string): boolean {
  return filePath.endsWith(".gitlab-ci.yml");
}

/**
 * What GitLab finds wrong with a CI configuration, in its own words; `undefined` when the project is not
 * there yet or the token may not lint in it, as when its pipelines are switched off.
 * https://docs.gitlab.com/api/lint/#validate-sample-cicd-configuration
 */
export async function lint(
  api: GitLab,
  project: string,
  written: string,
): Promise<readonly string[] | undefined> {
  const content = inlineExpected(written, expectedFiles(api));
  const known = valid.get(api) ?? new Set();
  valid.set(api, known);
  const key = `${project}\n${content}`;
  if (known.has(key)) return [];
  try {
    const verdict = await api.repost<Verdict>(path`/projects/${project}/ci/lint`, { content });
    if (!verdict.valid) return verdict.errors;
    known.add(key);
    return [];
  } catch (error) {
    if (isStatus(error, 403, 404)) return undefined;
    throw error;
  }
}

/** Whether GitLab cannot read a file at all; what the file says may be wrong only where it stands alone. */
export async function isUnreadable(api: GitLab, project: string, content: string) {
  const errors = (await lint(api, project, content)) ?? [];
  return errors.some((error) => /^\(<unknown>\): |\bunknown anchor\b|^Tried to load /.test(error));
}
