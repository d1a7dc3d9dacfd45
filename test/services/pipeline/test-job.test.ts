import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type JobDirectory,
} from "../../support/pipeline-job.ts";

const deb = { package: "ying", version: "1.2.0-1~bookworm", architecture: "amd64", content: "a" };
const report = "<testsuite><testcase name='one'/></testsuite>";
const writeReport = `mkdir out && echo "${report}" >out/junit.xml`;

describe.each(["sh", "bash"])("A test job in %s", (shell) => {
  let job: JobDirectory | undefined;

  beforeEach(() => {
    job = undefined;
  });
  afterEach(() => job?.remove());

  /** Gives a test job of those lines its packages. */
  async function prepare(
    script: readonly string[],
    reports = ["out/*.xml"],
    groups?: Record<string, string[]>,
  ) {
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "ying",
        targets: [{ codename: "bookworm", image: "none" }],
        tags: [],
        installPrefix: "/opt/trunk30",
        tests: { script, reports, groups },
        apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64"] },
        origin: "a test",
      }),
    );
    await buildDebianFile(job.path, "a.deb", deb);
    if (groups) await buildDebianFile(job.path, "b.deb", { ...deb, package: "ying-full" });
    await job.runWithoutCompiler("compile_on_bookworm");
    return job;
  }

  /** Runs it with a stand-in for apt-get. */
  async function run({ path, run }: JobDirectory, name = "test_on_bookworm") {
    const calls = join(path, "calls");
    await writeFile(calls, "");
    const PATH = `${join(path, "tools")}:${process.env.PATH}`;
    const result = await run(name, { PATH }, shell);
    return { ...result, calls: await readFile(calls, "utf8") };
  }

  const runLines = async (...script: string[]) => run(await prepare(script));

  it("installs the files that will be uploaded, then runs the lines one after the other", async () => {
    const { exitCode, log, calls } = await runLines(writeReport, "cd out", "test -f junit.xml");
    expect(exitCode, log).toBe(0);
    expect(calls).toMatch(/^apt-get install .* \.\/packages\/ying_1\.2\.0-1~bookworm_amd64\.deb$/m);
  });

  it("lets them find what was installed under the prefix", async () => {
    const { log } = await runLines('echo "searched: $CMAKE_PREFIX_PATH"');
    expect(log).toContain("searched: /opt/trunk30");
  });

  it("installs no package that changed on the way", async () => {
    const prepared = await prepare([writeReport]);
    await appendFile(join(prepared.path, "packages/ying_1.2.0-1~bookworm_amd64.deb"), "x");
    const { exitCode, log, calls } = await run(prepared);
    expect(log).toMatch(/has \d+ bytes, the manifest says \d+/);
    expect(exitCode).toBe(1);
    expect(calls).toBe("");
  });

  it("fails with the line that fails, and says nothing of reports", async () => {
    const { exitCode, log } = await runLines("(exit 8)", "echo went on");
    expect(exitCode).toBe(8);
    expect(log).not.toMatch(/went on|the tests left/);
  });

  it("installs the packages of its group alone, and refuses one that was not built", async () => {
    const groups = { plain: ["ying"], full: ["ying-full"], lite: ["ying-lite"] };
    const prepared = await prepare([writeReport], undefined, groups);
    const plain = await run(prepared, "test_on_bookworm_plain");
    expect(plain.exitCode, plain.log).toBe(0);
    expect(plain.calls).toMatch(/Use-Pty=0 \.\/packages\/ying_1\.2\.0-1~bookworm_amd64\.deb$/m);
    const lite = await run(prepared, "test_on_bookworm_lite");
    expect(lite.log).toContain("the group lite has ying-lite, which is not among the built");
    expect(lite.exitCode).toBe(1);
  });

  it("refuses a package that was built and is in no group", async () => {
    const prepared = await prepare([writeReport], undefined, { plain: ["ying"] });
    const { exitCode, log, calls } = await run(prepared, "test_on_bookworm_plain");
    expect(log).toContain("ying-full was built and is in no group");
    expect(exitCode).toBe(1);
    expect(calls).toBe("");
  });

  describe("does not pass when the tests succeed", () => {
    it.each([
      ["leave no report", ["true"], "the tests left no out/*.xml"],
      ["end the job early", ["exit 0", writeReport], "the tests left no out/*.xml"],
      ["report elsewhere", [`${writeReport} && cd out && mv junit.xml ..`], "the tests left no"],
      [
        "ran nothing",
        [`mkdir out && echo '<testsuite tests="0"/>' >out/junit.xml`],
        "out/junit.xml names no test case",
      ],
    ])("but %s", async (_case, lines, words) => {
      const { exitCode, log } = await runLines(...lines);
      expect(log).toContain(words);
      expect(exitCode).toBe(1);
    });

    it("but leave out one report of two", async () => {
      const { exitCode, log } = await run(
        await prepare([writeReport], ["out/junit.xml", "out/more.xml"]),
      );
      expect(log).toContain("the tests left no out/more.xml");
      expect(exitCode).toBe(1);
    });
  });
});
