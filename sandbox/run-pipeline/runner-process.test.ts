import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../../toolchain/paths.ts";
import { findRunnerProgram } from "./runner-process.ts";

async function folderWithRunner(version: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "gitlab-runner");
  await writeFile(file, `#!/bin/sh\necho "Version:      ${version}"\n`);
  await chmod(file, 0o755);
  return folder;
}

test("a gitlab-runner of 17 or newer is found", async () => {
  const folder = await folderWithRunner("17.0.0");
  expect(await findRunnerProgram(folder)).toBe(join(folder, "gitlab-runner"));
});

test("an older one is not", async () => {
  expect(await findRunnerProgram(await folderWithRunner("16.11.4"))).toBeUndefined();
});

test("a pipeline that should run on runners says what to install where there is none", async () => {
  const folder = await folderWithRunner("16.11.4");
  const env = { PATH: folder, TRUNKLINE_TOOLCHAIN_DIR: folder, TRUNKLINE_SANDBOX_DIR: folder };
  const list = ["sandbox/commands/pipeline.ts", "ying", "--on-runners"];
  const options = { cwd: repository, env, extendEnv: false, reject: false };
  const { exitCode, stderr } = await execa(process.execPath, list, options);
  expect(exitCode).toBe(1);
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(/^pipeline: .*Install .*gitlab-runner/),
  ]);
});
