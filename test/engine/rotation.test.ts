import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { devConfiguration } from "../support/engine-stack.ts";
import type { GitLabScene } from "../support/gitlab-scene.ts";
import { sceneForTest } from "./scene.ts";

const runnersKey = "trunkline:runners";

interface Job {
  readonly id: number;
  readonly token: string;
}

test("also outside dev a runner is replaced while it has a job: the new one serves, the old one ends its job and goes", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  const { gitlab } = servers;
  await stack.up();
  const [old] = runnersOf(gitlab);
  const first = await takeJob(gitlab, old?.token);
  await stack.configure({ [runnersKey]: await withGeneration(2) });

  let ended = false;
  const update = stack.up().finally(() => {
    ended = true;
  });
  await until(() => ended || gitlab.sandbox.store.runners.get(old?.id ?? 0)?.paused === true);
  const successor = runnersOf(gitlab).find(({ id }) => id !== old?.id);
  const second = await takeJob(gitlab, successor?.token);
  await finish(gitlab, second);
  expect(runnersOf(gitlab)).toHaveLength(2);
  await finish(gitlab, first);

  const applied = await update;
  expect(applied.steps, applied.text).toMatchObject({
    "UserRunner infra-registration-2": "create",
    "UserRunner infra-registration": "delete",
  });
  expect(runnersOf(gitlab).map(({ id }) => id)).toEqual([successor?.id]);
  const states = [first, second].map(({ id }) => gitlab.sandbox.store.jobs.get(id)?.status);
  expect(states).toEqual(["success", "success"]);
  const settled = await stack.preview();
  expect(settled.steps, settled.text).toEqual({});
});

const runnersOf = ({ sandbox }: GitLabScene) => sandbox.store.runners.all();

async function takeJob(gitlab: GitLabScene, token: string | undefined): Promise<Job> {
  const job = await gitlab.call<Job | undefined>("POST", "/jobs/request", { token });
  if (job === undefined) throw new Error("no job was waiting");
  return job;
}

const finish = (gitlab: GitLabScene, { id, token }: Job) =>
  gitlab.call("PUT", `/jobs/${id}`, { token, state: "success" });

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(50);
}

async function withGeneration(generation: number) {
  const { [runnersKey]: runners } = await devConfiguration();
  const { infra } = runners as { infra: object };
  return { infra: { ...infra, generation } };
}
