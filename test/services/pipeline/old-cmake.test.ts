import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ExampleBuild,
  findMissingCommands,
  startExampleBuild,
} from "../../support/example-build.ts";
import { oldCMakes, provideOldCMake } from "../../support/old-cmake.ts";

const missing = await findMissingCommands(["c++", "make", "ccache", "dpkg-shlibdeps", "unzip"]);

describe.each(oldCMakes)("With CMake %s", (version) => {
  const file = "ying_1.2.0-1~bookworm_amd64.deb";
  let build: ExampleBuild | undefined;
  let problem: string | undefined = missing.length > 0 ? `needs ${missing.join(", ")}` : undefined;

  beforeAll(async () => {
    if (problem !== undefined) return;
    const provided = await provideOldCMake(version);
    if (typeof provided === "string") {
      problem = provided;
      return;
    }
    build = await startExampleBuild("ying", {}, { PATH: `${provided.bin}:${process.env.PATH}` });
  });
  afterAll(() => build?.remove());

  it("the example ying has the version that it has with today's, and the same bytes again", async ({
    skip,
  }) => {
    if (build === undefined) return skip(problem);
    const { exitCode, log } = await build.compile();
    expect(exitCode, log).toBe(0);
    const fields = await build.describe("--field", file, "Version", "Depends");
    expect(fields).toMatch(/^Version: 1\.2\.0-1~bookworm$/m);
    expect(fields).toMatch(/^Depends: .*libstdc\+\+6/m);
    const contents = await build.describe("--contents", file);
    expect(contents).toMatch(
      /root\/root .* 2020-01-01 .* \.\/opt\/trunk30\/lib\/libying\.so\.1 -> /,
    );

    const before = await build.packages();
    expect((await build.compileAgain()).exitCode).toBe(0);
    expect(await build.packages()).toEqual(before);
  });
});
