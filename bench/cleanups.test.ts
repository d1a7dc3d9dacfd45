import { execa } from "execa";
import { expect, test } from "vitest";
import { withCleanups } from "./cleanups.ts";

test("what was started last is ended first", async () => {
  const ended: string[] = [];
  await withCleanups(async (onEnd) => {
    onEnd(async () => ended.push("sandbox"));
    onEnd(async () => ended.push("engine"));
  });
  expect(ended).toEqual(["engine", "sandbox"]);
});

test("failed work is cleaned up, and its failure told", async () => {
  const ended: string[] = [];
  const work = withCleanups(async (onEnd) => {
    onEnd(async () => ended.push("sandbox"));
    throw new Error("no image");
  });
  await expect(work).rejects.toThrow("no image");
  expect(ended).toEqual(["sandbox"]);
});

test("a cleanup that fails keeps none of the others back", async () => {
  const ended: string[] = [];
  const work = withCleanups(async (onEnd) => {
    onEnd(async () => ended.push("sandbox"));
    onEnd(() => Promise.reject(new Error("busy")));
  });
  await expect(work).rejects.toThrow("busy");
  expect(ended).toEqual(["sandbox"]);
});

test("an interrupt ends what was started, and the process only then", async () => {
  const module = JSON.stringify(new URL("cleanups.ts", import.meta.url));
  const script = `
    import { setTimeout as sleep } from "node:timers/promises";
    import { execa } from "execa";
    import { withCleanups } from ${module};
    await withCleanups(async (onEnd) => {
      onEnd(async () => {
        await sleep(200);
        console.log("ended");
      });
      const service = execa("sleep", ["60"]);
      onEnd(async () => service.kill());
      console.log("started");
      await service;
    });
  `;
  const bench = execa("node", ["--input-type=module", "--eval", script], { reject: false });
  const lines: string[] = [];
  for await (const line of bench) {
    lines.push(line);
    if (line === "started") bench.kill("SIGINT");
  }
  expect(lines).toEqual(["started", "ended"]);
  expect((await bench).exitCode).toBe(130);
});
