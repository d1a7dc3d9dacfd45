import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { finishJob, generation, runnersOf, takeJob } from "../support/runner-jobs.ts";
import { sceneForTest } from "./scene.ts";

test("also outside dev a runner is replaced while it has a job: the new one serves, the old one ends its job and goes", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  const { gitlab } = servers;
  await stack.up();
  const [old] = runnersOf(gitlab);
  const first = await takeJob(gitlab, old?.token);
  await stack.configure(await generation(2));

  let ended = false;
  const update = stack.up().finally(() => {
    ended = true;
  });
  await until(() => ended || gitlab.sandbox.store.runners.get(old?.id ?? 0)?.paused === true);
  const successor = runnersOf(gitlab).find(({ id }) => id !== old?.id);
  const second = await takeJob(gitlab, successor?.token);
  await finishJob(gitlab, second);
  expect(runnersOf(gitlab)).toHaveLength(2);
  await finishJob(gitlab, first);

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

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(50);
}
