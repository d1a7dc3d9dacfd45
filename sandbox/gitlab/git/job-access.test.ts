import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "../contract/runner-scene.ts";

/** What git itself does to pipelines, and what a job may do with git. */

const run = promisify(execFile);
const file = "job: {script: make}\n";

let scene: RunnerScene;
let folder: string;
let url: string;
let project: { id: number; path_with_namespace: string };

beforeEach(async () => {
  scene = await RunnerScene.start();
  folder = mkdtempSync(join(tmpdir(), "work-"));
  url = await scene.sandbox.listen();
  project = await scene.createProject(file);
});
afterEach(async () => {
  await scene.stop();
  rmSync(folder, { recursive: true });
});

function git(...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
  };
  const who = ["-c", "user.name=u", "-c", "user.email=u@example.com"];
  return run("git", [...who, ...args], { cwd: folder, env });
}

function address(user: string, secret: string, of = project): string {
  return url.replace("//", `//${user}:${secret}@`).concat(`/${of.path_with_namespace}.git`);
}

async function commitAndPush(...options: string[]): Promise<void> {
  await git("clone", "--quiet", address("root", scene.sandbox.rootToken), ".");
  writeFileSync(join(folder, "file"), "changed");
  await git("add", "file");
  await git("commit", "--quiet", "--message", "Change");
  await git("push", "--quiet", ...options, "origin", "HEAD");
}

async function takeJob() {
  return (await scene.request(await scene.createRunner(project.id))).body;
}

test("A push makes a pipeline for the commit it brings", async () => {
  const before = await scene.pipeline(project.id);
  await commitAndPush();
  const { stdout } = await git("rev-parse", "HEAD");
  expect(await scene.pipeline(project.id)).toMatchObject({
    iid: 2,
    source: "push",
    ref: "main",
    sha: stdout.trim(),
    before_sha: before.sha,
    status: "pending",
  });
});

test("A pushed tag makes a pipeline of its own", async () => {
  await commitAndPush();
  await git("tag", "v1");
  await git("push", "--quiet", "origin", "v1");
  expect(await scene.pipeline(project.id)).toMatchObject({ ref: "v1", tag: true });
});

test("A push may ask for no jobs, and may give variables", async () => {
  await commitAndPush("-o", "ci.skip");
  expect((await scene.pipeline(project.id)).status).toBe("skipped");
  await git("commit", "--quiet", "--allow-empty", "--message", "More");
  await git("push", "--quiet", "-o", "ci.variable=A=b c", "origin", "HEAD");
  const { id } = await scene.pipeline(project.id);
  const { variables } = scene.sandbox.store.pipelines.require(id);
  expect(variables).toMatchObject([{ key: "A", value: "b c" }]);
});

test("A job fetches the ref of its pipeline with its own token, until it ends", async () => {
  const job = await takeJob();
  await git("init", "--quiet");
  const [refspec] = job.git_info.refspecs;
  const remote = address("gitlab-ci-token", job.token);
  await git("fetch", "--quiet", "--depth", "1", remote, refspec);
  const { stdout } = await git("rev-parse", refspec.split(":")[1]);
  expect(stdout.trim()).toBe(job.git_info.sha);
  await scene.update(job, { state: "success" });
  await expect(git("ls-remote", remote)).rejects.toThrow("Access denied");
});

test("A job neither pushes nor sees other private projects", async () => {
  const job = await takeJob();
  const other = await scene.createProject(file);
  await expect(git("ls-remote", address("gitlab-ci-token", job.token, other))).rejects.toThrow(
    "not found",
  );
  await git("clone", "--quiet", address("gitlab-ci-token", job.token), ".");
  await expect(git("push", "origin", "HEAD:refs/heads/new")).rejects.toThrow("not allowed to push");
});

test("Nobody pushes to the refs of pipelines", async () => {
  await git("clone", "--quiet", address("root", scene.sandbox.rootToken), ".");
  const push = git("push", "origin", "HEAD:refs/pipelines/77");
  await expect(push).rejects.toThrow("hidden ref");
});
