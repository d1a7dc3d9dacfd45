import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type ExampleBuild,
  findMissingCommands,
  startExampleBuild,
} from "../../support/example-build.ts";

const missing = await findMissingCommands(["dpkg-buildpackage", "dh", "c++", "make", "ccache"]);
const program = "hookrate_1.1.0~bookworm_amd64.deb";
const data = "hookrate-data_1.1.0~bookworm_all.deb";

beforeEach(({ skip }) => skip(missing.length > 0, `needs ${missing.join(", ")}`));

describe("The example hookrate, with packaging in debian/", () => {
  let build: ExampleBuild;
  let log: string;

  beforeAll(async () => {
    if (missing.length > 0) return;
    build = await startExampleBuild("hookrate", { buildSystem: "debian" });
    const result = await build.compile();
    expect(result.exitCode, result.log).toBe(0);
    log = result.log;
  });
  afterAll(() => build?.remove());

  it("becomes its packages, with the distribution in their versions and without debug symbols", async () => {
    expect(Object.keys(await build.packages())).toEqual([data, program]);
    const fields = await build.describe("--field", program, "Version", "Depends");
    expect(fields).toMatch(/^Version: 1\.1\.0~bookworm$/m);
    expect(fields).toMatch(/^Depends: hookrate-data \(= 1\.1\.0~bookworm\), .*libstdc\+\+6/m);
  });

  it("passes its own tests on the way, and is compiled through ccache", () => {
    expect(log).toContain("./rate_test");
    expect(log).toMatch(/Misses: +3 \/ +3/);
  });

  it("says in its changelog what it was built for, at the time of the last commit", async () => {
    const changelog = await readFile(
      join(build.path, ".debian-build/source/debian/changelog"),
      "utf8",
    );
    expect(changelog.split("\n").slice(0, 6)).toEqual([
      "hookrate (1.1.0~bookworm) bookworm; urgency=medium",
      "",
      "  * Build for bookworm.",
      "",
      " -- trunkline examples <examples@trunkline.example>  Wed, 01 Jan 2020 00:00:01 +0000",
      "",
    ]);
    expect(await readFile(join(build.path, "debian/changelog"), "utf8")).toMatch(
      /^hookrate \(1\.1\.0\) unstable/,
    );
  });

  it("leaves nothing outside of its own work tree", async () => {
    const beside = await readdir(join(build.path, ".."));
    expect(beside.filter((name) => name.startsWith("hookrate"))).toEqual([]);
  });

  it("becomes the same packages again, also after a commit to the pipeline alone", async () => {
    const before = await build.packages();
    const { exitCode, log } = await build.compileAgain();
    expect(exitCode, log).toBe(0);
    expect(await build.packages()).toEqual(before);
  });
});

describe("A package with packaging in debian/", () => {
  let build: ExampleBuild | undefined;

  beforeEach(() => {
    build = undefined;
  });
  afterEach(() => build?.remove());

  async function start(changes: Parameters<typeof startExampleBuild>[1] = {}) {
    build = await startExampleBuild("hookrate", { buildSystem: "debian", ...changes });
    return build;
  }

  it("is told what the builder image lacks, and where to add it", async () => {
    const { path, compile } = await start();
    const control = await readFile(join(path, "debian/control"), "utf8");
    const wanting = control.replace("(= 13)", "(= 13), libnone-dev");
    await writeFile(join(path, "debian/control"), wanting);
    const { exitCode, log } = await compile();
    expect(log).toMatch(/Unmet build dependencies: libnone-dev/);
    expect(log).toContain("add it to the package's buildDepends");
    expect(exitCode).toBe(1);
  });

  it("needs a changelog", async () => {
    const { path, compile } = await start();
    await rm(join(path, "debian/changelog"));
    const { exitCode, log } = await compile();
    expect(log).toContain("there is no debian/changelog");
    expect(exitCode).toBe(1);
  });

  it("stops when its own tests fail, and hands nothing over", async () => {
    const { path, compile } = await start();
    await appendFile(join(path, "Makefile"), "\ncheck: fail\nfail:\n\texit 3\n");
    expect((await compile()).exitCode).not.toBe(0);
    await expect(readdir(join(path, "packages"))).rejects.toThrow("ENOENT");
  });

  it("may have a folder build of its own, and ask for no tests", async () => {
    const { path, compile } = await start();
    await writeFile(join(path, "Makefile"), "include build/rules.mk\n", { flag: "a" });
    await mkdir(join(path, "build"));
    await writeFile(join(path, "build/rules.mk"), "check: fail\nfail:\n\texit 3\n");
    const { exitCode, log } = await compile({ DEB_BUILD_OPTIONS: "nocheck" });
    expect(exitCode, log).toBe(0);
  });

  it("keeps the version of its changelog when it is built once for every distribution", async () => {
    const { path, compile, packages } = await start({ architecture: "all" });
    const control = await readFile(join(path, "debian/control"), "utf8");
    await writeFile(join(path, "debian/control"), control.replace(": any", ": all"));
    const { exitCode, log } = await compile();
    expect(exitCode, log).toBe(0);
    expect(Object.keys(await packages())).toEqual([
      "hookrate-data_1.1.0_all.deb",
      "hookrate_1.1.0_all.deb",
    ]);
  });
});
