import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";

interface Build {
  /** Empty for a pipeline of a branch. */
  readonly tag: string;
  readonly version: string;
  readonly tags?: string;
  readonly codename?: string;
}

async function check({ tag, version, tags = "v*", codename = "bookworm" }: Build) {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-release-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "packages"));
  await writeFile(join(folder, "packages/manifest"), `sum 1 ying.deb ying ${version} amd64\n`);
  const scripts = ["handoff", "release"].map((name) => join(import.meta.dirname, `${name}.sh`));
  const command = `${scripts.map((script) => `. ${script}`).join("; ")}; check_release_tag; echo passed`;
  const environment = { CI_COMMIT_TAG: tag, RELEASE_TAGS: tags, CODENAME: codename };
  const run = await execa("sh", ["-c", command], { cwd: folder, env: environment, reject: false });
  return run.stdout === "passed" ? "passed" : run.stderr;
}

test.each([
  ["v1.2.0", "1.2.0-1~bookworm"],
  ["v1.2.0-1", "1.2.0-1~bookworm"],
  ["v1.2.0", "1.2.0-1+r2~bookworm"],
  ["v1.2.0", "2:1.2.0-1~bookworm"],
  ["v2%1.2.0-1", "2:1.2.0-1~bookworm"],
  ["v1.2.0_rc1", "1.2.0~rc1-1~bookworm"],
  ["v1.2.0-rc1", "1.2.0~rc1-1~bookworm"],
  ["v1.2-beta", "1.2-beta-1~bookworm"],
])("the tag %s releases %s", async (tag, version) => {
  expect(await check({ tag, version })).toBe("passed");
});

test("a file for every distribution has no codename in its version", async () => {
  expect(await check({ tag: "v1.2.0", version: "1.2.0-1", codename: "" })).toBe("passed");
});

test.each([
  ["v1.2", "1.2.0-1~bookworm"],
  ["v1.10", "1.1-1~bookworm"],
  ["v1.2.0-2", "1.2.0-1~bookworm"],
  ["v1.2.0", "1.2.0~rc1-1~bookworm"],
  ["v10", "1e1-1~bookworm"],
])("the tag %s does not release %s, which is told with both", async (tag, version) => {
  expect(await check({ tag, version })).toBe(
    `error: the tag ${tag} says version ${tag.slice(1)}, but ying was built as ${version}: tag the commit that sets this version, or correct the version`,
  );
});

test("a tag that says no version is told so", async () => {
  const version = "1.2.0-1~bookworm";
  expect(await check({ tag: "vnext", version })).toContain("the tag vnext is no version: v* wants");
});

test.each([
  ["of a branch", ""],
  ["of a tag that releases nothing", "nightly-3"],
])("a pipeline %s compares nothing", async (_, tag) => {
  expect(await check({ tag, version: "1.2.0-1~bookworm" })).toBe("passed");
});

test("what stands around the version is the pattern's", async () => {
  const tags = "ying/*-final";
  const version = "1.2.0-1~bookworm";
  expect(await check({ tag: "ying/1.2.0-final", version, tags })).toBe("passed");
});
