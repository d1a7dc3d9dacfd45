import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ExampleBuild,
  findMissingCommands,
  startExampleBuild,
} from "../../support/example-build.ts";
import { createRosFolder } from "../../support/ros-stand-in.ts";

const commands = ["cmake", "c++", "make", "ccache", "dpkg-shlibdeps"];
const missing = await findMissingCommands(commands);
const describeExample = (title: string, cases: () => void) =>
  missing.length > 0
    ? it(title, ({ skip }) => skip(`needs ${missing.join(", ")}`))
    : describe(title, cases);

describeExample("The example ying", () => {
  const file = "ying_1.2.0-1~bookworm_amd64.deb";
  let build: ExampleBuild;

  beforeAll(async () => {
    build = await startExampleBuild("ying");
    const { exitCode, log } = await build.compile();
    expect(exitCode, log).toBe(0);
  });
  afterAll(() => build?.remove());

  it("becomes the same package again, also after a commit to the pipeline alone", async () => {
    const before = await build.packages();
    const { exitCode, log } = await build.compileAgain();
    expect(exitCode, log).toBe(0);
    expect(await build.packages()).toEqual(before);
  });

  it("passes its own tests", async () => {
    expect(await runTests(build)).toContain("100% tests passed, 0 tests failed out of 2");
  });

  it("becomes a package with the distribution in its version and with dependencies", async () => {
    const fields = await build.describe("--field", file, "Package", "Version", "Depends");
    expect(fields).toMatch(/^Package: ying$/m);
    expect(fields).toMatch(/^Version: \d+\.\d+\.\d+-1~bookworm$/m);
    expect(fields).toMatch(/^Depends: .*libstdc\+\+6/m);
  });

  it("holds the library, its headers and its CMake package below the prefix", async () => {
    const contents = await build.describe("--contents", file);
    expect(contents).toMatch(/ \.\/opt\/trunk30\/lib\/libying\.so\.1 -> /);
    expect(contents).toContain(" ./opt/trunk30/include/ying/signal.hpp");
    expect(contents).toContain(" ./opt/trunk30/lib/cmake/ying/ying-config.cmake");
  });

  it("tells dpkg-shlibdeps of its users what to depend on", async () => {
    const shlibs = await build.describe("--info", file, "shlibs");
    expect(shlibs).toMatch(/^libying 1 ying \(>= .*~bookworm\)$/m);
  });
});

describeExample("The example quantity", () => {
  let build: ExampleBuild;

  beforeAll(async () => {
    build = await startExampleBuild("quantity", { architecture: "all", installPrefix: "/usr" });
    const { exitCode, log } = await build.compile();
    expect(exitCode, log).toBe(0);
  });
  afterAll(() => build?.remove());

  it("becomes one package for every distribution, which names none", async () => {
    expect(Object.keys(await build.packages())).toEqual(["quantity_0.3.0-1_all.deb"]);
  });

  it("holds the headers and a CMake package that any architecture finds", async () => {
    const contents = await build.describe("--contents", "quantity_0.3.0-1_all.deb");
    expect(contents).toContain(" ./usr/include/quantity/quantity.hpp");
    expect(contents).toContain(" ./usr/share/cmake/quantity/quantity-config.cmake");
  });

  it("passes its own tests", async () => {
    expect(await runTests(build)).toContain("100% tests passed, 0 tests failed out of 1");
  });
});

describeExample("The example hooknode", () => {
  const file = "hooknode_0.2.0-1~bookworm_amd64.deb";
  const marker = "/share/ament_index/resource_index/packages/hooknode";

  it.each([
    ["with ROS", ["humble"], "hooknode for ROS humble"],
    ["without ROS", [], "hooknode for no ROS"],
  ])("is built %s", async (_case, distributions, words) => {
    const build = await startExampleBuild("hooknode");
    try {
      const variables = { ROS_FOLDER: await createRosFolder(...distributions) };
      const { exitCode, log } = await build.compile(variables);
      expect(exitCode, log).toBe(0);
      const { stdout } = await execa(join(build.path, "build/hooknode"), ["--version"]);
      expect(stdout).toBe(words);
      expect(await runTests(build)).toContain("100% tests passed, 0 tests failed out of 2");
      const contents = await build.describe("--contents", file);
      expect(contents.includes(`./opt/trunk30${marker}`)).toBe(distributions.length > 0);
    } finally {
      await build.remove();
    }
  });
});

async function runTests({ path }: ExampleBuild): Promise<string> {
  return (await execa("ctest", [], { cwd: join(path, "build") })).stdout;
}
