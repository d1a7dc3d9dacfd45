import { isStatus } from "../kit/api-error.ts";
import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";

interface Verdict {
  readonly valid: boolean;
  readonly errors: readonly string[];
}

/** What was found valid, by connection: the check of a file and its commit need one call between them. */
const valid = new WeakMap<GitLab, Set<string>>();

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
  content: string,
): Promise<readonly string[] | undefined> {
  const known = valid.get(api) ?? new Set();
  valid.set(api, known);
  const key = `${project}\n${content}`;
  if (known.has(key)) return [];
  try {
    const verdict = await api.post<Verdict>(path`/projects/${project}/ci/lint`, { content });
    if (!verdict.valid) return verdict.errors;
    known.add(key);
    return [];
  } catch (error) {
    if (isStatus(error, 403, 404)) return undefined;
    throw error;
  }
}
