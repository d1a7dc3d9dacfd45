import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";

/** A commit of a history that is written down; its number is its place in the list, from 1. */
export interface Commit {
  /** Seconds since 1970. */
  readonly date: number;
  /** Files that it writes; one whose text is 40 digits is a submodule at that commit. */
  readonly files: Readonly<Record<string, string>>;
  /** Numbers of its parents. Default: the commit before it. */
  readonly parents?: readonly number[];
}

/** Nothing of the machine's own configuration. */
const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

/** A repository with this history on `main`, which serves any commit, as GitLab's do; its address. */
export async function writeHistory(commits: readonly Commit[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-history-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const git = (words: string[], input = "") => execa("git", words, { cwd: folder, env, input });
  await git(["init", "--quiet", "--bare", "."]);
  await git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  await git(["fast-import", "--quiet"], commits.map(toImport).join(""));
  return `file://${folder}`;
}

/** https://git-scm.com/docs/git-fast-import */
function toImport({ date, files, parents }: Commit, index: number): string {
  const [first, ...merged] = parents ?? (index > 0 ? [index] : []);
  return [
    "commit refs/heads/main",
    `mark :${index + 1}`,
    `committer test <test@example.com> ${date} +0000`,
    "data 0",
    ...(first ? [`from :${first}`] : []),
    ...merged.map((parent) => `merge :${parent}`),
    ...Object.entries(files).map(([path, text]) =>
      /^[0-9a-f]{40}$/.test(text)
        ? `M 160000 ${text} ${path}`
        : `M 100644 inline ${path}\ndata ${text.length}\n${text}`,
    ),
    "\n",
  ].join("\n");
}

/** Fetches `main` into a folder that is there, as GitLab Runner does. @param depth 0 is all. */
export async function fetchInto(folder: string, url: string, depth: number): Promise<void> {
  const limit = depth > 0 ? [`--depth=${depth}`] : [];
  for (const words of [
    ["init", "--quiet"],
    ["remote", "add", "origin", url],
    ["fetch", "--quiet", ...limit, "origin", "+main:refs/pipelines/1"],
    ["checkout", "--quiet", "--detach", "refs/pipelines/1"],
  ]) {
    await execa("git", words, { cwd: folder, env });
  }
}
