import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { devStack, takeInventory } from "../support/inventory.ts";
import { finishJob, generation, runnersOf, takeJob } from "../support/runner-jobs.ts";
import { sceneForTest } from "./scene.ts";

test("an up that is interrupted while it waits for its turn at aptly ends, and the next up finishes", async () => {
  const { servers, stack } = await sceneForTest();
  const { front } = servers.aptly;
  front.meddle = async (call) => (call.startsWith("GET ") ? undefined : { status: 429 });
  const up = stack.startUp();
  await until(() => front.requests.includes("POST /repos"));
  pressCtrlC(up);
  const { exitCode, stdout, stderr } = await up;
  expect(exitCode, `${stdout}${stderr}`).not.toBe(0);
  expect(stdout).toContain(
    "stopped waiting for its turn at aptly: the update was cancelled. POST /repos was not done",
  );
  front.meddle = undefined;

  const finished = await stack.up();
  expect(finished.succeeded, finished.text).toBe(true);
  expect(await takeInventory(servers)).toEqual(devStack);
});

test("an up that is interrupted while an old runner ends its job keeps it, and the next up goes on", async () => {
  const { servers, stack } = await sceneForTest();
  const { gitlab } = servers;
  await stack.up();
  const [old] = runnersOf(gitlab);
  const job = await takeJob(gitlab, old?.token);
  await stack.configure(await generation(2));

  const up = stack.startUp();
  await until(() => gitlab.sandbox.store.runners.get(old?.id ?? 0)?.paused === true);
  pressCtrlC(up);
  const { exitCode, stdout, stderr } = await up;
  expect(exitCode, `${stdout}${stderr}`).not.toBe(0);
  expect(stdout).toContain(
    'UserRunner "infra-registration": stopped waiting for its jobs to end: the update was cancelled. Nothing was deleted',
  );
  expect(runnersOf(gitlab)).toHaveLength(2);
  expect(gitlab.sandbox.store.jobs.get(job.id)?.status).toBe("running");

  await finishJob(gitlab, job);
  const finished = await stack.up();
  expect(finished.steps, finished.text).toEqual({ "UserRunner infra-registration": "delete" });
  expect(runnersOf(gitlab)).toHaveLength(1);
});

/** A terminal sends it to all processes of the group. */
function pressCtrlC({ pid }: { readonly pid?: number | undefined }): void {
  if (pid === undefined) throw new Error("pulumi did not start");
  process.kill(-pid, "SIGINT");
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(50);
}
