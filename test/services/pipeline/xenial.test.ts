import { execa } from "execa";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { findMissingCommands, startBuild, startExampleBuild } from "../../support/example-build.ts";
import { fetchInto, writeHistory } from "../../support/history.ts";
import { provideOldCMake } from "../../support/old-cmake.ts";
import { tinyCMake, writeSource } from "../../support/tiny-source.ts";
import { createXenialCommands } from "../../support/xenial-commands.ts";

const missing = await findMissingCommands(["cmake", "make", "dh", "c++", "ccache", "unzip"]);
beforeEach(({ skip }) => skip(missing.length > 0, `needs ${missing.join(", ")}`));

it("a stand-in names itself and the release that brought what it refuses", async () => {
  const commands = await createXenialCommands();
  const lines = `${commands}/git fetch --deepen=1\nexit`;
  const { stderr, exitCode } = await execa("sh", ["-c", lines], { reject: false });
  expect(stderr).toBe("xenial's git (2.7.4) does not know --deepen=1, which came with 2.11");
  expect(exitCode).toBe(97);
  expect((await execa(`${commands}/git`, ["--version"])).stdout).toMatch(/^git version/);
});

it("a package is built with CMake by what xenial knows, from a clone that is too shallow", async ({
  skip,
}) => {
  const provided = await provideOldCMake("3.6.2");
  if (typeof provided === "string") return skip(provided);
  const commands = await createXenialCommands();
  const source = await writeSource({});
  const files = { "CMakeLists.txt": tinyCMake(), "data.txt": "a\n" };
  const pipeline = { date: 1_600_000_100, files: { ".gitlab-ci.yml": "# changed\n" } };
  const url = await writeHistory([{ date: 1_600_000_000, files }, pipeline]);
  const PATH = `${commands}:${provided.bin}:${process.env.PATH}`;
  const build = await startBuild(source, "tiny", {}, { PATH });
  onTestFinished(build.remove);
  await execa("rm", ["-rf", ".git"], { cwd: build.path });
  await fetchInto(build.path, url, 1);
  const { exitCode, log } = await build.compile();
  expect(exitCode, log).toBe(0);
  expect(log).toMatch(/^fetching 200 commits/m);
  const file = "tiny_1.0-1~bookworm_amd64.deb";
  expect(await build.describe("--contents", file)).toContain("2020-09-13 12:26 ./usr/share/tiny/");
});

it("packaging in debian/ is built by what xenial knows", async () => {
  const PATH = `${await createXenialCommands()}:${process.env.PATH}`;
  const build = await startExampleBuild("hookrate", { buildSystem: "debian" }, { PATH });
  onTestFinished(build.remove);
  const { exitCode, log } = await build.compile();
  expect(exitCode, log).toBe(0);
  expect(Object.keys(await build.packages())).toHaveLength(2);
});
