import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { explainLock } from "../../sandbox/commands/stack-lock.ts";
import { devStack, takeInventory } from "../support/inventory.ts";
import { type Scene, sceneForTest } from "./scene.ts";

const commit = { method: "POST", path: "/projects/:id/repository/files/:file_path" };

test("when GitLab fails at the commit of one project, the next up finishes and makes nothing twice", async () => {
  const { servers, stack } = await sceneForTest();
  const body = { message: "500 Internal Server Error" };
  servers.gitlab.sandbox.faults.next({ ...commit, reply: { status: 500, body } });
  const failed = await stack.up();
  expect(failed.succeeded).toBe(false);
  expect(failed.text).toMatch(
    /gitlab: POST \/projects\/\d+\/.* answered 500: .*Run pulumi up again/,
  );
  await expectFinished({ servers, stack });
});

test("when aptly goes away half way, the next up finishes and makes nothing twice", async () => {
  const { servers, stack } = await sceneForTest();
  const { front } = servers.aptly;
  front.meddle = async (call) => {
    const { length } = front.requests.filter((request) => request === "POST /publish/trunk");
    return call.startsWith("POST /publish") && length > 1 ? { status: 502 } : undefined;
  };
  const failed = await stack.up();
  expect(failed.succeeded).toBe(false);
  expect(failed.text).toMatch(/aptly: POST \/publish\/trunk answered 502/);
  front.meddle = undefined;
  await expectFinished({ servers, stack });
});

test("an interrupted up ends what is under way, and the next up finishes", async () => {
  const { servers, stack } = await sceneForTest();
  const up = stack.startUp();
  await untilAsked(servers, "POST /projects");
  up.kill("SIGINT");
  const { exitCode, stdout, stderr } = await up;
  expect(exitCode, `${stdout}${stderr}`).not.toBe(0);
  await expectFinished({ servers, stack });
});

test("a killed up leaves no plugin running and a lock that is told from one in use; once unlocked the next up finishes", async () => {
  const { servers, stack } = await sceneForTest();
  servers.gitlab.sandbox.faults.next({ ...commit, reply: "hang", times: 2 });
  const up = stack.startUp();
  await untilAsked(servers, "POST /projects/:id/repository/files/:file_path");
  expect(await explainLock(stack.state, "dev")).toContain(`Process ${up.pid} works on the stack`);
  up.kill("SIGKILL");
  await up;
  servers.gitlab.sandbox.faults.clear();
  await vi.waitFor(async () => expect(await listPlugins(stack)).toEqual([]), { timeout: 30_000 });
  const refused = await stack.up();
  expect(refused.text).toContain("the stack is currently locked");
  expect(await explainLock(stack.state, "dev")).toContain(`process ${up.pid}, which was killed`);
  await stack.unlock();
  expect(await explainLock(stack.state, "dev")).toBeUndefined();
  await expectFinished({ servers, stack });
});

async function expectFinished({ servers, stack }: Pick<Scene, "servers" | "stack">) {
  const finished = await stack.up();
  expect(finished.succeeded, finished.text).toBe(true);
  expect(await takeInventory(servers)).toEqual(devStack);
  const preview = await stack.preview();
  expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
  for (const name of ["ying", "datahook"]) {
    const commits = `/projects/infra%2F${name}/repository/commits`;
    expect(await servers.gitlab.look(commits)).toHaveLength(1);
  }
}

async function untilAsked({ gitlab }: Scene["servers"], route: string): Promise<void> {
  while (gitlab.sandbox.requests.count(route) === 0) await sleep(10);
}

/** The program and Pulumi's language host outlive the engine too, but they are not ours. */
async function listPlugins(stack: Scene["stack"]): Promise<string[]> {
  return (await stack.processes()).filter((line) => line.includes("/plugins/"));
}
