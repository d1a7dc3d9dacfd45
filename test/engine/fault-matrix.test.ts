import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { explainLock } from "../../sandbox/commands/stack-lock.ts";
import { repository } from "../../toolchain/paths.ts";
import { cutEachWrite, holdNewWrite } from "../support/cuts.ts";
import { devConfiguration, type EngineStack } from "../support/engine-stack.ts";
import { takeInventory } from "../support/inventory.ts";
import { type Scene, sceneForTest } from "./scene.ts";

/** What the smallest stack makes that has every kind of object. */
const inventory = {
  groups: ["infra"],
  projects: ["infra/ci: package-v1.yml", "infra/ying: .gitlab-ci.yml"],
  runners: ["infra"],
  variables: ["APTLY_PASSWORD", "APTLY_URL", "APTLY_USERNAME", "APT_URL", "BUILDER_IMAGE_BOOKWORM"],
  schedules: ["refs/heads/main"],
  repositories: ["infra_bookworm"],
  publications: ["trunk/bookworm"],
};

/** Calls at each of which an up is killed; all that write with TRUNKLINE_FAULT_MATRIX=all, which takes minutes. */
const deadly =
  process.env.TRUNKLINE_FAULT_MATRIX === "all"
    ? /./
    : /POST \/(groups|projects|repos|publish\/trunk|user\/runners|projects\/\d+\/pipeline_schedules)$/;

test.each([
  ["before anything is done", "reset"],
  ["after it is done, its answer lost", "drop"],
  ["in the middle of its answer", "cut"],
] as const)(
  "when every writing call is cut once %s, one up finishes and makes nothing twice",
  async (_, trouble) => {
    const { servers, stack } = await smallScene();
    const cuts = cutEachWrite(servers, trouble);
    const first = await stack.up();
    cuts.clear();
    expect(first.succeeded, first.text).toBe(true);
    expect(cuts.befallen.length).toBeGreaterThan(15);
    await expectFinished({ servers, stack });
  },
);

test("when nothing writing gets through, the message has method, path and advice, and the next up finishes", async () => {
  const { servers, stack } = await smallScene();
  const { faults } = servers.gitlab.sandbox;
  faults.next({ method: "POST", path: "/groups", reply: "reset", times: 2 });
  const failed = await stack.up();
  expect(failed.text).toMatch(
    /Group "packages-group": gitlab: POST \/groups got no answer: \w+\. Check that GitLab runs and /,
  );
  await expectFinished({ servers, stack });
});

test(
  "an up that is killed at one creating call after another goes on each time, and makes nothing twice",
  minutes(30),
  async () => {
    const { servers, stack } = await smallScene();
    const [unlock = "", clear = ""] = await commandsOf("docs/repair.md");
    const known = new Set<string>();
    for (;;) {
      const held = holdNewWrite(servers, known, (call) => deadly.test(call));
      const up = stack.startUp("--parallel", "1");
      const ended = await Promise.race([up, untilHeld(held.befallen)]);
      held.clear();
      if (ended) {
        expect(ended.exitCode, `after ${[...known].at(-1)}:\n${ended.stdout}${ended.stderr}`).toBe(
          0,
        );
        break;
      }
      up.kill("SIGKILL");
      await up;
      await stack.runLine(unlock);
    }
    expect(known.size, [...known].join("\n")).toBeGreaterThanOrEqual(6);
    await expectFinished({ servers, stack });
    expect(await pendingOperations(stack)).not.toEqual([]);
    await stack.runLine(clear);
    expect(await pendingOperations(stack)).toEqual([]);
    expect(await stack.processes()).toEqual([]);
  },
);

test("an up that is interrupted twice is like one that is killed", async () => {
  const { servers, stack } = await smallScene();
  const [unlock = ""] = await commandsOf("docs/repair.md");
  servers.gitlab.sandbox.faults.next({ method: "POST", path: "/projects", reply: "hold" });
  const up = stack.startUp();
  const isHeld = () => servers.gitlab.sandbox.requests.count("POST /projects") > 0;
  await vi.waitUntil(isHeld, { timeout: 300_000 });
  up.kill("SIGINT");
  await vi.waitUntil(() => up.exitCode !== null || !up.kill("SIGINT"), {
    timeout: 60_000,
    interval: 500,
  });
  const { exitCode } = await up;
  expect(exitCode).not.toBe(0);
  if (await explainLock(stack.state, "dev")) await stack.runLine(unlock);
  await expectFinished({ servers, stack });
});

function minutes(count: number) {
  return { timeout: count * 60_000 };
}

async function smallScene(): Promise<Scene> {
  const dev = await devConfiguration();
  const { bookworm } = dev["trunkline:distributions"] as Record<string, object>;
  const ying = {
    distributions: ["bookworm"],
    variables: { BUILD_TYPE: "nightly" },
    schedule: { cron: "30 3 * * *" },
  };
  const distributions = { bookworm };
  return sceneForTest({
    configuration: {
      ...dev,
      "trunkline:distributions": distributions,
      "trunkline:packages": { ying },
    },
  });
}

async function untilHeld(befallen: readonly string[]): Promise<undefined> {
  await vi.waitUntil(() => befallen.length > 0, { timeout: 300_000, interval: 10 });
  return undefined;
}

/** The commands of a page, each in a block of its own. */
async function commandsOf(page: string): Promise<string[]> {
  const text = await readFile(join(repository, page), "utf8");
  return [...text.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, command = ""]) => command);
}

/** One plain up, whose output is the result. */
async function expectFinished({ servers, stack }: Pick<Scene, "servers" | "stack">) {
  const finished = await stack.up();
  expect(finished.succeeded, finished.text).toBe(true);
  expect(await takeInventory(servers)).toEqual(inventory);
  const { gitlab } = servers;
  expect(await gitlab.look("/projects/infra%2Fying/variables")).toHaveLength(1);
  for (const name of ["ying", "ci"]) {
    expect(await gitlab.look(`/projects/infra%2F${name}/repository/commits`)).toHaveLength(1);
  }
  const preview = await stack.preview();
  expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
}

async function pendingOperations(stack: EngineStack): Promise<unknown[]> {
  const { checkpoint } = JSON.parse(await stack.readState());
  return checkpoint.latest.pending_operations ?? [];
}
