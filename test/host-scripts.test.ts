import { globSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

const repository = join(import.meta.dirname, "..");
const scripts = globSync("*/host-scripts/*.sh", { cwd: repository });
const { exitCode } = await execa("sh", ["-c", "command -v shellcheck"], { reject: false });

describe.each(scripts)("%s", (name) => {
  const run = (command: string, ...words: string[]) =>
    execa(command, [...words, name], { cwd: repository, all: true, reject: false });

  test("is a script for any POSIX shell", async () => {
    expect(await run("sh", "-n")).toMatchObject({ all: "", exitCode: 0 });
  });

  test("has nothing that shellcheck knows to go wrong", async ({ skip }) => {
    skip(exitCode !== 0, "there is no shellcheck");
    expect((await run("shellcheck", "--shell=sh")).all).toBe("");
  });
});
