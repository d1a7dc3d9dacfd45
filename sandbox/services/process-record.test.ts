import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findRunning, writeRecord } from "./process-record.ts";

test("a process that runs is found by its record", async () => {
  const file = await recordFile();
  await writeRecord(file, { pid: process.pid, fingerprint: "f" });
  expect(await findRunning(file)).toMatchObject({ pid: process.pid, fingerprint: "f" });
});

test("a process that took over the pid of an earlier one is not ours", async () => {
  const file = await recordFile();
  await writeRecord(file, { pid: process.pid, fingerprint: "f" });
  const record = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...record, startTime: "1" }));
  expect(await findRunning(file)).toBeUndefined();
  await expect(access(file)).rejects.toThrow("ENOENT");
});

test("a process that has ended is not found", async () => {
  const file = await recordFile();
  const child = spawn("sleep", ["60"]);
  await once(child, "spawn");
  await writeRecord(file, { pid: child.pid ?? 0, fingerprint: "f" });
  expect(await findRunning(file)).toBeDefined();
  child.kill();
  await once(child, "exit");
  expect(await findRunning(file)).toBeUndefined();
});

async function recordFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "record.json");
}
