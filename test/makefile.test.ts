import { chmod, copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../toolchain/paths.ts";

/** A folder with the Makefile, and programs that only print in place of npm and node. */
async function checkout(): Promise<{ cwd: string; env: Record<string, string> }> {
  const cwd = await mkdtemp(join(tmpdir(), "trunkline-make-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  for (const file of ["Makefile", "package.json", "package-lock.json"]) {
    await copyFile(join(repository, file), join(cwd, file));
  }
  const programs = {
    npm: "mkdir -p node_modules; echo added 431 packages",
    node: "echo \"export GITLAB_TOKEN='secret'\"",
  };
  for (const [name, command] of Object.entries(programs)) {
    await writeFile(join(cwd, name), `#!/bin/sh\n${command}\n`);
    await chmod(join(cwd, name), 0o755);
  }
  return { cwd, env: { PATH: [cwd, process.env.PATH].join(delimiter) } };
}

test("make env prints nothing but what a shell evaluates, also when it installs packages first", async () => {
  const { stdout, stderr } = await execa("make", ["-s", "env"], await checkout());
  expect(stdout).toBe("export GITLAB_TOKEN='secret'");
  expect(stderr).toContain("added 431 packages");
});
