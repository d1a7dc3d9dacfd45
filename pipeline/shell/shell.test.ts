import { readdirSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

const scripts = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".sh"));
const hasShellcheck = await isInstalled("shellcheck");

describe.each(scripts)("%s", (name) => {
  const run = (command: string, ...words: string[]) =>
    execa(command, [...words, name], { cwd: import.meta.dirname });

  test("is a script for any POSIX shell", async () => {
    await run("sh", "-n");
  });

  test("has nothing that shellcheck knows to go wrong", async ({ skip }) => {
    skip(!hasShellcheck, "there is no shellcheck");
    await run("shellcheck", "--shell=sh");
  });

  test("says first what it is for", () => {
    expect(readFileSync(`${import.meta.dirname}/${name}`, "utf8")).toMatch(/^# \w/);
  });
});

async function isInstalled(command: string): Promise<boolean> {
  const { exitCode } = await execa("sh", ["-c", `command -v ${command}`], { reject: false });
  return exitCode === 0;
}
