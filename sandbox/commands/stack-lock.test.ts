import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { explainLock } from "./stack-lock.ts";

/** A file backend with a lock of this process on the stack dev, or without any. */
async function stateWith(pid?: number): Promise<string> {
  const state = await mkdtemp(join(tmpdir(), "trunkline-state-"));
  onTestFinished(() => rm(state, { recursive: true }));
  if (pid === undefined) return state;
  const folder = join(state, ".pulumi/locks/organization/trunkline/dev");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "5f0c.json"), JSON.stringify({ pid, username: "root" }));
  return state;
}

test("there is nothing to say of a stack without a lock, or of another stack's lock", async () => {
  expect(await explainLock(await stateWith(), "dev")).toBeUndefined();
  expect(await explainLock(await stateWith(process.pid), "prod")).toBeUndefined();
});

test("a lock whose number belongs to another program by now is left over", async () => {
  const text = await explainLock(await stateWith(process.pid), "dev");
  expect(text).toContain(`process ${process.pid}, which was killed`);
  expect(text).toContain('eval "$(make -s env)" && pulumi cancel --yes');
});
