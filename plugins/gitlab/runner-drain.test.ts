import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import { addProject } from "../../test/support/gitlab-user.ts";
import type { Values } from "../kit/wire.ts";
import { GitLab } from "./client.ts";
import { drainRunner } from "./runner-drain.ts";

const token = "gitlab:index/userRunner:UserRunner";
const pipeline = "one: {script: make}\ntwo: {script: make}\n";

interface Job {
  readonly id: number;
  readonly token: string;
}

let scene: GitLabScene;
let projectId: number;
beforeEach(async () => {
  scene = await GitLabScene.start({ longPolling: 0 });
  projectId = await addProject(scene, "datahook");
  const actions = [{ action: "create", file_path: ".gitlab-ci.yml", content: pipeline }];
  const commit = { branch: "main", commit_message: "Add the pipeline", actions };
  await scene.call("POST", `/projects/${projectId}/repository/commits`, commit);
});
afterEach(() => scene.stop());

async function register(name: string) {
  const inputs = { runnerType: "project_type", projectId };
  const stored = await scene.engine.create(token, name, inputs);
  const runners = scene.sandbox.store.runners;
  const glrt = runners.get(Number(stored.id))?.token;
  return {
    stored,
    take: () => scene.call<Job | undefined>("POST", "/jobs/request", { token: glrt }),
  };
}

const finish = (job: Job | undefined) =>
  scene.call("PUT", `/jobs/${job?.id}`, { token: job?.token, state: "success" });

async function pausedIn(id: string): Promise<void> {
  for (;;) {
    const { paused } = await scene.call<{ paused: boolean }>("GET", `/runners/${id}`);
    if (paused) return;
    await setTimeout(1);
  }
}

async function statesOfJobs(): Promise<string[]> {
  const jobs = await scene.call<{ status: string }[]>("GET", `/projects/${projectId}/jobs`);
  return jobs.map(({ status }) => status);
}

describe("a runner that is replaced while its jobs run", () => {
  it("takes no new job, ends the one it has, and goes then", async () => {
    const old = await register("old");
    const first = await old.take();
    const successor = await register("new");
    let gone = false;
    const deletion = scene.engine.delete(old.stored).then(() => {
      gone = true;
    });
    await pausedIn(old.stored.id);

    expect(await old.take()).toBeUndefined();
    const second = await successor.take();
    expect(second?.id).not.toBe(first?.id);
    await finish(second);
    expect(gone).toBe(false);
    await finish(first);
    await deletion;

    expect(await scene.look(`/runners/${old.stored.id}`)).toBeUndefined();
    expect(await statesOfJobs()).toEqual(["success", "success"]);
  });

  it("stays, paused, when the update is cancelled, and goes at the next one", async () => {
    const { stored, take } = await register("busy");
    const job = await take();
    const deletion = scene.engine.delete(stored);
    deletion.catch(() => undefined);
    await pausedIn(stored.id);
    await scene.engine.cancel();
    await expect(deletion).rejects.toThrow(
      'UserRunner "busy": stopped waiting for its jobs to end: the update was cancelled. Nothing was deleted; run the same command again to go on.',
    );
    await expect(scene.engine.delete(stored)).rejects.toThrow("stopped waiting for its turn");
    expect(await statesOfJobs()).toContain("running");
    await finish(job);
    await (await scene.connect()).delete(stored);
    expect(await scene.look(`/runners/${stored.id}`)).toBeUndefined();
  });

  it("stays, paused, when a job does not end, and goes at the next attempt", async () => {
    const { stored, take } = await register("busy");
    const job = await take();
    const { baseUrl, sandbox } = scene;
    const api = new GitLab({ baseUrl, token: sandbox.rootToken, pollDelay: 1 });
    await expect(drainRunner(api, stored.id, 2)).rejects.toThrow(
      /runners\/\d+\/jobs answered 200: 1 of its jobs still run\. It is paused/,
    );
    expect(await scene.look<Values>(`/runners/${stored.id}`)).toMatchObject({ paused: true });
    await finish(job);
    await scene.engine.delete(stored);
    expect(await scene.look(`/runners/${stored.id}`)).toBeUndefined();
  });
});
