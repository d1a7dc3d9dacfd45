import type { Fault } from "../../validation/config-error.ts";
import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";

/** The tags that trunkline gives states of its template: 16 digits of the file's SHA-256. */
const form = /^(package-v\d+)-([0-9a-f]{16})$/;

/** Whether a tag's name says what is in a file there: `package-v1-0123456789abcdef` of `package-v1.yml`. */
export function namesContent(tag: string): boolean {
  return form.test(tag);
}

/**
 * Whether such a tag is at a commit where the file has another content. False for other names, and where
 * there is no such tag. https://docs.gitlab.com/api/repository_files/#get-file-from-repository
 */
export async function isMoved(project: string, tag: string, api: GitLab): Promise<boolean> {
  const [, stem, digest] = form.exec(tag) ?? [];
  if (stem === undefined || digest === undefined) return false;
  const file = path`/projects/${project}/repository/files/${`${stem}.yml`}`;
  const row = await api.find<{ readonly content_sha256: string }>(file, { ref: tag });
  if (row) return !row.content_sha256.startsWith(digest);
  return (await api.find(path`/projects/${project}/repository/commits/${tag}`)) !== undefined;
}

/** For the tag of the state that the stack has, which is made anew once it is gone. */
export function movedTag(project: string, tag: string): Fault {
  return {
    path: `Tag "${tag}" of ${project}`,
    message: reason,
    fix: "Delete it in GitLab, then run pulumi up, which makes it anew.",
  };
}

/** For a tag that pipelines include. */
export function movedPin(project: string, tag: string): string {
  return `ci.ref "${tag}" of ${project} ${reason}. Delete that tag in GitLab and make it anew of the commit that has the content, or give another ref.`;
}

const reason = "was moved by hand: the file has another content there than the name says";
