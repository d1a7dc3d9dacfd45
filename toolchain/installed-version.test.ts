import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findInstalled, isAtLeast, readVersion } from "./installed-version.ts";
import type { Tool } from "./tools.ts";

const tool: Tool = {
  name: "pulumi",
  version: "3.259.0",
  folder: "pulumi",
  package: ".",
  versionArguments: ["version"],
  purpose: "run",
};

test.each([
  ["v3.259.0", "3.259.0"],
  ["buildkitd github.com/moby/buildkit v0.31.1 abc", "0.31.1"],
  ["aptly version: 1.5.0+ds1-1+b4", "1.5.0"],
  ["unknown", undefined],
])("reads the version of %j", (text, version) => {
  expect(readVersion(text)).toBe(version);
});

test.each([
  ["3.259.0", "3.259.0", true],
  ["3.1000.0", "3.259.0", true],
  ["3.66.0", "3.259.0", false],
  ["2.300.0", "3.259.0", false],
  ["3.259.1", "3.259.0", true],
])("%s is at least %s: %s", (version, minimum, verdict) => {
  expect(isAtLeast(version, minimum)).toBe(verdict);
});

describe("an installed program", () => {
  test("that is new enough is used", async () => {
    const folder = await folderWith("pulumi", "echo v3.260.1");
    const file = join(folder, "pulumi");
    expect(await findInstalled(tool, folder)).toEqual({ file, version: "3.260.1" });
  });

  test("that is older than the pinned one is used where the tool says so", async () => {
    const folder = await folderWith("pulumi", "echo v3.100.0");
    const found = await findInstalled({ ...tool, oldest: "3.100.0" }, folder);
    expect(found?.version).toBe("3.100.0");
  });

  test.each([
    ["is too old", "echo v3.100.0"],
    ["fails", "echo v3.260.1; exit 1"],
    ["tells no version", "echo hello"],
  ])("that %s is not used", async (_, script) => {
    expect(await findInstalled(tool, await folderWith("pulumi", script))).toBeUndefined();
  });

  test("that cannot tell its version is not used", async () => {
    const folder = await folderWith("pulumi", "echo v3.260.1");
    expect(await findInstalled({ ...tool, versionArguments: undefined }, folder)).toBeUndefined();
  });
});

async function folderWith(name: string, script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}
