import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { findMissingCommands, startBuild, startExampleBuild } from "../../support/example-build.ts";
import { createMachines, listPackages, type Machines } from "../../support/machines.ts";
import { createJobDirectory, type JobDirectory } from "../../support/pipeline-job.ts";
import { tinyMeson, writeSource } from "../../support/tiny-source.ts";

const version = "1.2.0-1~bookworm";
const ying = { package: "ying", version, content: "a" };
const data = { package: "ying-data", version, architecture: "all" };

describe("Jobs of two architectures", () => {
  let job: JobDirectory;
  let machines: Machines;

  beforeEach(async () => {
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "ying",
        targets: [{ codename: "bookworm", image: "none" }],
        tags: [],
        architectures: [
          { name: "amd64", tags: [] },
          { name: "arm64", tags: [] },
        ],
        installPrefix: "/usr",
        releaseTags: "v*",
        tests: { script: ["echo '<testcase' >r.xml"], reports: ["r.xml"] },
        apt: {
          prefix: "",
          repository: "infra",
          component: "main",
          architectures: ["amd64", "arm64"],
        },
        origin: "a test",
      }),
    );
    machines = await createMachines(job);
  });
  afterEach(() => job.remove());

  const compileBoth = async () => [
    await machines.compile("compile_on_bookworm", "amd64", [
      { ...ying, architecture: "amd64" },
      { ...data, content: "built on amd64" },
    ]),
    await machines.compile("compile_on_bookworm_arm64", "arm64", [
      { ...ying, architecture: "arm64" },
      { ...data, content: "built on arm64" },
    ]),
  ];

  it("hand over their packages side by side, and those for all architectures once", async () => {
    const [first, further] = await compileBoth();
    expect(first?.exitCode, first?.log).toBe(0);
    expect(further?.exitCode, further?.log).toBe(0);
    expect(further?.log).toContain("is for all architectures: the job of amd64 hands it over");
    await machines.bring();
    expect(await listPackages(job)).toEqual([
      "manifest.amd64",
      "manifest.arm64",
      "ying-data_1.2.0-1~bookworm_all.deb",
      "ying_1.2.0-1~bookworm_amd64.deb",
      "ying_1.2.0-1~bookworm_arm64.deb",
    ]);
  });

  it("fail on a machine of the other before anything is built", async () => {
    const { exitCode, log } = await machines.compile("compile_on_bookworm_arm64", "amd64", [
      { ...ying, architecture: "amd64" },
    ]);
    expect(log).toContain("this job is for arm64 but runs on amd64");
    expect(exitCode).toBe(1);
  });

  it("fail where nothing is left to build for the further one", async () => {
    const { exitCode, log } = await machines.compile("compile_on_bookworm_arm64", "arm64", [
      { ...data, content: "a" },
    ]);
    expect(log).toContain("nothing was built for arm64, only for all architectures");
    expect(exitCode).toBe(1);
  });

  it("compare their versions with the tag", async () => {
    const { exitCode, log } = await machines.compile(
      "compile_on_bookworm_arm64",
      "arm64",
      [{ ...ying, architecture: "arm64" }],
      { CI_COMMIT_TAG: "v1.3.0" },
    );
    expect(log).toContain("the tag v1.3.0 says version 1.3.0, but ying was built as 1.2.0-1");
    expect(exitCode).toBe(1);
  });

  it("test their own packages beside those for all architectures", async () => {
    await compileBoth();
    await machines.bring();
    const { exitCode, log, calls } = await machines.run("test_on_bookworm_arm64", "arm64");
    expect(exitCode, log).toBe(0);
    expect(calls).toMatch(
      /Use-Pty=0 \.\/packages\/ying-data_\S+_all\.deb \.\/packages\/ying_\S+_arm64\.deb$/m,
    );
  });

  it("are not tested on another machine", async () => {
    await compileBoth();
    await machines.bring();
    const { log } = await machines.run("test_on_bookworm_arm64", "amd64");
    expect(log).toContain("this job is for arm64 but runs on amd64");
  });
});

describe("Packaging in debian/ on a further architecture", async () => {
  const missing = await findMissingCommands(["dpkg-buildpackage", "dh", "c++", "make", "ccache"]);
  const further = { ALL_PACKAGES_FROM: "arm64" };
  beforeEach(({ skip }) => skip(missing.length > 0, `needs ${missing.join(", ")}`));

  it("builds what is its own alone", async () => {
    const build = await startExampleBuild("hookrate", { buildSystem: "debian" });
    onTestFinished(build.remove);
    const { exitCode, log } = await build.compile(further);
    expect(exitCode, log).toBe(0);
    expect(Object.keys(await build.packages())).toEqual(["hookrate_1.1.0~bookworm_amd64.deb"]);
    expect(log).not.toContain("building package 'hookrate-data'");
  });

  it("refuses a source that has nothing of its own", async () => {
    const { "debian/control": control = "", ...files } = tinyMeson;
    const all = control.replace("Architecture: any", "Architecture: all");
    const source = await writeSource({ ...files, "debian/control": all });
    const build = await startBuild(source, "tiny", { buildSystem: "debian" });
    onTestFinished(build.remove);
    const { exitCode, log } = await build.compile({ ...further, BUILD_ARCHITECTURE: "amd64" });
    expect(log).toContain("nothing was built for amd64, only for all architectures");
    expect(exitCode).toBe(1);
  });
});
