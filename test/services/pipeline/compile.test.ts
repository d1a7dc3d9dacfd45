import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
} from "../../../pipeline/debian-package.ts";
import { readManifest } from "../../../pipeline/handoff.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type JobDirectory,
} from "../../support/pipeline-job.ts";
import { createRosFolder } from "../../support/ros-stand-in.ts";

const name = "compile_on_bookworm";
const deb = { package: "ying", version: "1.2.0-1~bookworm", architecture: "amd64", content: "a" };
let job: JobDirectory;

const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [
    { codename: "bookworm", image: "none" },
    { codename: "trixie", image: "none" },
  ],
  tags: [],
  installPrefix: "/opt/trunk30",
  uses: ["yang"],
  cmakeArguments: ["-DWITH_TOOLS=a b"],
  apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "a test",
};

beforeEach(async () => {
  job = await createJobDirectory(debianPackagePipeline(args));
});
afterEach(() => job.remove());

it("configures with prefix, release, compiler cache and the package's own arguments", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  const { calls } = await job.runWithoutCompiler(name);
  expect(calls).toContain(
    `cmake ../. -B${job.path}/build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/opt/trunk30`,
  );
  expect(calls).toContain("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache");
  expect(calls).toContain("-DCPACK_DEBIAN_PACKAGE_RELEASE=1~bookworm -DWITH_TOOLS=a b\n");
});

it("installs what it uses of the team's own, then compiles, then packages", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  const { calls } = await job.runWithoutCompiler(name);
  const tools = calls.split("\n").map((call) => call.replace(/ (-1|-B|-j|--git-path).*/, ""));
  expect(tools.filter(Boolean)).toEqual([
    "apt-get update",
    "apt-get install --yes --no-install-recommends --option Dpkg::Use-Pty=0 yang",
    "git -c safe.directory=* log",
    "git -c safe.directory=* rev-parse",
    expect.stringMatching(/^git .* ls-files --stage -- \. /),
    "cmake ../.",
    "cmake --build . --config Release --",
    "cmake --build . --config Release --target package",
    "ccache --show-stats",
  ]);
});

it("stops at the first tool that fails", async () => {
  await buildDebianFile(job.path, "a.deb", deb);
  await writeFile(join(job.path, "tools/cmake"), "#!/bin/sh\nexit 2\n");
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
  expect(log).toContain("the build left no build/*.deb. It has: . Is CPack included");
  expect(exitCode).toBe(1);
});

describe("A package that is built once for every distribution", () => {
  const all = { ...deb, version: "1.2.0-1", architecture: "all" };

  beforeEach(async () => {
    await job.remove();
    job = await createJobDirectory(debianPackagePipeline({ ...args, architecture: "all" }));
  });

  it("names no distribution in its version", async () => {
    await buildDebianFile(job.path, "a.deb", all);
    const { exitCode, log, calls } = await job.runWithoutCompiler("compile_for_all");
    expect(calls).toContain(" -DCPACK_DEBIAN_PACKAGE_RELEASE=1 -DWITH_TOOLS=a b\n");
    expect(exitCode, log).toBe(0);
    expect(log).toContain(" ying_1.2.0-1_all.deb ying 1.2.0-1 all");
  });

  it("is refused when it is for one architecture", async () => {
    await buildDebianFile(job.path, "a.deb", all);
    await buildDebianFile(job.path, "b.deb", { ...all, package: "b", architecture: "amd64" });
    const { exitCode, log } = await job.runWithoutCompiler("compile_for_all");
    expect(log).toMatch(/b\.deb is built for amd64, so it cannot serve every distribution/);
    expect(exitCode).toBe(1);
  });
});

describe.each(["sh", "bash"])("In an image with ROS, in %s", (shell) => {
  beforeEach(async () => {
    await buildDebianFile(job.path, "a.deb", deb);
    const tool = '#!/bin/sh\necho "found by cmake: $ROS_DISTRO $CMAKE_PREFIX_PATH"\n';
    await writeFile(join(job.path, "tools/cmake"), tool);
  });

  async function compile(folder: string, variables: Record<string, string> = {}) {
    return job.runWithoutCompiler(name, { ROS_FOLDER: folder, ...variables }, shell);
  }

  it("the set-up file is read before cmake runs, and the package's prefix is searched too", async () => {
    const folder = await createRosFolder("humble");
    const { exitCode, log } = await compile(folder);
    expect(log).toContain(`building with ROS: ${folder}/humble/setup.sh\n`);
    expect(log).toContain(`found by cmake: humble ${folder}/humble:/opt/trunk30\n`);
    expect(exitCode, log).toBe(0);
  });

  it("a tool that fails afterwards still ends the job", async () => {
    await writeFile(join(job.path, "tools/cmake"), "#!/bin/sh\nexit 2\n");
    expect((await compile(await createRosFolder("humble"))).exitCode).not.toBe(0);
  });

  it("a set-up file that gives up ends the job", async () => {
    const folder = await createRosFolder("humble");
    await writeFile(join(folder, "humble/setup.sh"), "return 22\n");
    const { exitCode, log } = await compile(folder);
    expect(log).toContain(`${folder}/humble/setup.sh returned 22`);
    expect(exitCode).toBe(1);
  });

  it("several distributions of it need one to be chosen", async () => {
    const folder = await createRosFolder("humble", "jazzy");
    const { exitCode, log } = await compile(folder);
    expect(log).toMatch(/several distributions of ROS \(.*humble\/setup\.sh .*jazzy\/setup\.sh\)/);
    expect(log).not.toContain("found by cmake");
    expect(exitCode).toBe(1);
    const chosen = await compile(folder, { ROS_DISTRO: "jazzy" });
    expect(chosen.log).toContain(`found by cmake: jazzy ${folder}/jazzy:/opt/trunk30\n`);
    expect((await compile(folder, { ROS_DISTRO: "iron" })).exitCode).toBe(1);
  });

  it("a set-up file for bash alone is refused, not passed over", async () => {
    const folder = await createRosFolder("humble");
    await rename(join(folder, "humble/setup.sh"), join(folder, "humble/setup.bash"));
    const { exitCode, log } = await compile(folder);
    expect(log).toContain("humble/setup.bash has no setup.sh beside it");
    expect(exitCode).toBe(1);
  });
});
