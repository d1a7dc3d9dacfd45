import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import type { PipelineProject } from "./gitlab-project.ts";
import { PipelineError } from "./pipeline-error.ts";

/** What an example leaves alone: the pipeline, which the stack commits, and the package's own jobs. */
const ofTheProject = [".gitlab-ci.yml", ".gitlab"];
const author = { name: "trunkline", email: "trunkline@localhost" };

/** git, speaking to one GitLab with one token. */
export type Git = (list: readonly string[], cwd: string) => Promise<string>;

/**
 * Environment with which git speaks to one GitLab. The token reaches it through the environment and
 * a credential helper: it is in no URL, on no command line and in no file.
 * https://git-scm.com/docs/gitcredentials
 */
export function gitEnvironment(token: string): Record<string, string> {
  const helper = '!f() { echo username=oauth2; echo "password=$TRUNKLINE_GIT_TOKEN"; }; f';
  const settings = {
    "credential.helper": helper,
    "user.name": author.name,
    "user.email": author.email,
  };
  const env: Record<string, string> = {
    TRUNKLINE_GIT_TOKEN: token,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: String(Object.keys(settings).length),
  };
  Object.entries(settings).forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return env;
}

/** @throws PipelineError `git-failed` with git's own words, at each call. */
export function connectGit(token: string): Git {
  const env = gitEnvironment(token);
  return async (list, cwd) => {
    try {
      return (await execa("git", list, { cwd, env })).stdout;
    } catch (cause) {
      if (!(cause instanceof ExecaError)) throw cause;
      const message = `pipeline: git ${list[0]} failed: ${cause.stderr}`;
      throw new PipelineError("git-failed", message, { cause });
    }
  };
}

/** A fresh clone in a folder, which is emptied first. */
export async function cloneProject(git: Git, project: PipelineProject, folder: string) {
  await rm(folder, { recursive: true, force: true });
  await git(["clone", "--quiet", project.cloneUrl, folder], "/");
}

/**
 * Makes a source tree the content of the default branch, but for the pipeline and `.gitlab/`, which
 * stay as they are in the project.
 * @param folder A clone of the project, to work in.
 * @returns Whether anything differed and was pushed.
 */
export async function pushSource(
  git: Git,
  project: PipelineProject,
  { source, folder }: { source: string; folder: string },
): Promise<boolean> {
  await cloneProject(git, project, folder);
  for (const entry of await readdir(folder)) {
    if (entry === ".git" || ofTheProject.includes(entry)) continue;
    await rm(join(folder, entry), { recursive: true });
  }
  await cp(source, folder, { recursive: true });
  await git(["add", "--all"], folder);
  if ((await git(["status", "--porcelain"], folder)) === "") return false;
  await git(["commit", "--quiet", "--message", "Take the source of the example"], folder);
  await git(["push", "--quiet", "origin", `HEAD:${project.defaultBranch}`], folder);
  return true;
}
