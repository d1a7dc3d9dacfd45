import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toolchainPaths } from "../../../toolchain/paths.ts";
import { readCases } from "../../golden/pipeline/cases.ts";
import { temporaryFolder } from "../sandbox-for-test.ts";

const readers = ["gitlab-emulator==16.3.4", "gitlab-ci-verify==2.11.12"];
const environment = join(toolchainPaths().root, "pipeline-readers");
const program = (name: string) => join(environment, "bin", name);
const cases = await readCases();
let problem: string | undefined;

// Made anew each time: one of another Python would not work.
beforeAll(async () => {
  for (const [command, ...list] of [
    ["python3", "-m", "venv", "--clear", environment],
    [program("pip"), "install", "--quiet", ...readers],
  ] as const) {
    const { exitCode } = await execa(command, list, { reject: false });
    if (exitCode !== 0) problem ??= `${readers.join(" and ")} cannot be installed from PyPI`;
  }
});
beforeEach(({ skip }) => skip(problem !== undefined, problem));

describe.each(cases)("the pipeline $name", ({ merged, jobs, tag }) => {
  it("has the agreed jobs for gitlab-emulator too", async () => {
    const variables = tag === undefined ? [] : ["--var", `CI_COMMIT_TAG=${tag}`];
    const list = ["--config", await write(merged), ...variables, "--list"];
    const { stdout } = await execa(program("gle"), list);
    expect(stdout.split("\n").sort()).toEqual(jobs.map(({ name }) => name).sort());
  });

  it("has nothing that gitlab-ci-verify objects to", async () => {
    // The scripts source files that are there or not, quote what awk, jq and dpkg expand, and have
    // functions whose arguments a package need not give.
    const codes = ["SC-1090", "SC-2016", "SC-2119", "SC-2120"];
    const exempt = codes.flatMap((code) => ["--exclude", code]);
    const list = ["--no-lint-api", "--format", "json", ...exempt];
    const file = ["--gitlab-ci-file", await write(merged)];
    const { stdout } = await execa(program("gitlab-ci-verify"), [...list, ...file], {
      reject: false,
    });
    expect(JSON.parse(stdout)).toEqual([]);
  });
});

/** Outside of the repository, whose git history is none of the readers' business. */
async function write(text: string): Promise<string> {
  const path = join(await temporaryFolder(), ".gitlab-ci.yml");
  await writeFile(path, text);
  return path;
}
