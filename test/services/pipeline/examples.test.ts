import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { createJobDirectory, type JobDirectory } from "../../support/pipeline-job.ts";

const examples = join(import.meta.dirname, "../../../examples");
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
    const { exitCode, log } = await job.run("compile_on_bookworm", {});
    expect(exitCode, log).toBe(0);
    const [found] = (await readdir(join(job.path, "packages"))).filter((name) =>
      /\.deb$/.test(name),
    );
    file = join(job.path, "packages", found ?? "no package");
  });
  afterAll(() => job.remove());

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

async function findMissing(commands: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    commands.map((command) => execa("sh", ["-c", `command -v ${command}`], { reject: false })),
  );
  return commands.filter((_, index) => found[index]?.exitCode !== 0);
}
