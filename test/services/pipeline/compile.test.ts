import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { readManifest } from "../../../pipeline/handoff.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type JobDirectory,
} from "../../support/pipeline-job.ts";

const name = "compile_on_bookworm";
const deb = { package: "ying", version: "1.2.0-1~bookworm", architecture: "amd64", content: "a" };
let job: JobDirectory;

beforeEach(async () => {
  job = await createJobDirectory(
    debianPackagePipeline({
      package: "ying",
      targets: [{ codename: "bookworm", image: "none" }],
      tags: [],
      installPrefix: "/opt/trunk30",
      uses: ["yang"],
      cmakeArguments: ["-DWITH_TOOLS=a b"],
      apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64"] },
      origin: "a test",
    }),
  );
});
afterEach(() => job.remove());

it("configures with prefix, release, compiler cache and the package's own arguments", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  const { calls } = await job.runWithoutCompiler(name);
  expect(calls).toContain(
    "-Bbuild . -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/opt/trunk30",
  );
  expect(calls).toContain("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache");
  expect(calls).toContain("-DCPACK_DEBIAN_PACKAGE_RELEASE=1~bookworm -DWITH_TOOLS=a b\n");
});

it("installs what it uses of the team's own, then compiles, then packages", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  const { calls } = await job.runWithoutCompiler(name);
  const tools = calls.split("\n").map((call) => call.replace(/ -(B|j)\S*.*/, ""));
  expect(tools.filter(Boolean)).toEqual([
    "apt-get update",
    "apt-get install --yes --no-install-recommends yang",
    "git -c safe.directory=* log -1 --format=%ct -- . :(exclude).gitlab-ci.yml",
    "cmake",
    "make -C build",
    "make -C build package",
    "ccache --show-stats",
  ]);
});

it("stops at the first tool that fails", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  await writeFile(join(job.path, "tools/make"), "#!/bin/sh\nexit 2\n");
  const { exitCode } = await job.runWithoutCompiler(name);
  expect(exitCode).not.toBe(0);
  await expect(readFile(join(job.path, "packages/manifest"))).rejects.toThrow("ENOENT");
});

it("hands over every package under its Debian name, with a manifest", async () => {
  await buildDebianFile(job.path, "ying-Linux.deb", deb);
  await buildDebianFile(job.path, "doc.deb", {
    ...deb,
    package: "ying-doc",
    version: "2:1.2.0-1~bookworm",
    architecture: "all",
  });
  const { exitCode } = await job.runWithoutCompiler(name);
  expect(exitCode).toBe(0);
  const manifest = readManifest(await readFile(join(job.path, "packages/manifest"), "utf8"));
  expect(manifest).toEqual([
    expect.objectContaining({
      file: "ying-doc_1.2.0-1~bookworm_all.deb",
      version: "2:1.2.0-1~bookworm",
      architecture: "all",
    }),
    expect.objectContaining({ file: "ying_1.2.0-1~bookworm_amd64.deb", package: "ying" }),
  ]);
  for (const { file, size } of manifest) {
    expect(await readFile(join(job.path, "packages", file))).toHaveLength(size);
  }
});

it("refuses a version without the codename, which another distribution would have too", async () => {
  await buildDebianFile(job.path, "a.deb", { ...deb, version: "1.2.0-1" });
  const { exitCode, log } = await job.runWithoutCompiler(name);
  expect(log).toContain("has the version 1.2.0-1, which does not end in ~bookworm");
  expect(exitCode).toBe(1);
});

it("refuses two packages of one name and version", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  await buildDebianFile(job.path, "b.deb", deb);
  expect((await job.runWithoutCompiler(name)).log).toContain("two packages are called ying_1.2.0");
});

it("refuses a build that left no package", async () => {
  const { exitCode, log } = await job.runWithoutCompiler(name);
  expect(log).toContain("does CPACK_GENERATOR contain DEB?");
  expect(exitCode).toBe(1);
});
