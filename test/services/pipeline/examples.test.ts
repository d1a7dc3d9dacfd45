import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { createJobDirectory, type JobDirectory } from "../../support/pipeline-job.ts";

const examples = join(import.meta.dirname, "../../../examples");
let commits = 0;
const missing = await findMissing(["cmake", "c++", "make", "ccache", "dpkg-shlibdeps"]);
const reason = missing.length > 0 ? ` (needs ${missing.join(", ")})` : "";

describe.skipIf(missing.length > 0)(`The example ying${reason}`, () => {
  let job: JobDirectory;
  let file: string;

  beforeAll(async () => {
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "ying",
        targets: [{ codename: "bookworm", image: "none" }],
        tags: [],
        installPrefix: "/opt/trunk30",
        apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
        origin: "a test",
      }),
    );
    await cp(join(examples, "ying"), job.path, { recursive: true });
    await commit(job.path, ".");
    const { exitCode, log } = await job.run("compile_on_bookworm", {});
    expect(exitCode, log).toBe(0);
    const [found] = (await readdir(join(job.path, "packages"))).filter((name) =>
      /\.deb$/.test(name),
    );
    file = join(job.path, "packages", found ?? "no package");
  });
  afterAll(() => job.remove());

  it("becomes the same package again, also after a commit to the pipeline alone", async () => {
    const before = await readFile(file);
    await writeFile(join(job.path, ".gitlab-ci.yml"), "# changed\n");
    await commit(job.path, ".gitlab-ci.yml");
    await rm(join(job.path, "build"), { recursive: true });
    const { exitCode, log } = await job.run("compile_on_bookworm", {});
    expect(exitCode, log).toBe(0);
    expect(await readFile(file)).toEqual(before);
  });

  it("passes its own tests", async () => {
    const { stdout } = await execa("ctest", [], { cwd: join(job.path, "build") });
    expect(stdout).toContain("100% tests passed, 0 tests failed out of 2");
  });

  it("becomes a package with the distribution in its version and with dependencies", async () => {
    const { stdout } = await execa("dpkg-deb", ["--field", file, "Package", "Version", "Depends"]);
    expect(stdout).toMatch(/^Package: ying$/m);
    expect(stdout).toMatch(/^Version: \d+\.\d+\.\d+-1~bookworm$/m);
    expect(stdout).toMatch(/^Depends: .*libstdc\+\+6/m);
  });

  it("holds the library, its headers and its CMake package below the prefix", async () => {
    const { stdout } = await execa("dpkg-deb", ["--contents", file]);
    expect(stdout).toMatch(/ \.\/opt\/trunk30\/lib\/libying\.so\.1 -> /);
    expect(stdout).toContain(" ./opt/trunk30/include/ying/signal.hpp");
    expect(stdout).toContain(" ./opt/trunk30/lib/cmake/ying/ying-config.cmake");
  });

  it("tells dpkg-shlibdeps of its users what to depend on", async () => {
    const { stdout } = await execa("dpkg-deb", ["--info", file, "shlibs"]);
    expect(stdout).toMatch(/^libying 1 ying \(>= .*~bookworm\)$/m);
  });
});

/** At a time that no other commit has. */
async function commit(directory: string, path: string): Promise<void> {
  commits += 1;
  const date = `2020-01-01T00:00:0${commits}Z`;
  const env = {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "test",
    GIT_AUTHOR_EMAIL: "test@example.com",
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@example.com",
    GIT_COMMITTER_DATE: date,
  };
  for (const list of [
    ["init", "--quiet"],
    ["add", path],
    ["commit", "--quiet", "-m", date],
  ]) {
    await execa("git", list, { cwd: directory, env });
  }
}

async function findMissing(commands: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    commands.map((command) => execa("sh", ["-c", `command -v ${command}`], { reject: false })),
  );
  return commands.filter((_, index) => found[index]?.exitCode !== 0);
}
