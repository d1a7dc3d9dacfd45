import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import PQueue from "p-queue";
import { beforeEach, describe, expect, type TestContext, test } from "vitest";
import { documentedNames, type Section, typedNames } from "../../../runner/documented-names.ts";
import { findRunnerProgram } from "../../../sandbox/run-pipeline/runner-process.ts";
import { readCases } from "../../golden/runner/cases.ts";
import { temporaryFolder } from "../sandbox-for-test.ts";

/** The official runner's own check of `config.toml`: https://docs.gitlab.com/runner/commands/#gitlab-runner-lint */

const program = (await findRunnerProgram()) ?? "";
const canLint = program !== "" && (await lint("--help")).includes("--config");

beforeEach((context: TestContext) =>
  context.skip(!canLint, "there is no gitlab-runner with the command lint: make test builds one"),
);

async function lint(...words: readonly string[]): Promise<string> {
  return (await execa(program, ["lint", ...words], { all: true, reject: false })).all;
}

test.each(await readCases())("the config.toml of $name is valid", async ({ golden }) => {
  expect(await lint("--config", golden)).toContain("Configuration file is valid");
});

// The goldens have what every runner has.
const runner = '[[runners]]\nurl = "https://x"\ntoken = "x"';
const headers: Record<Section, string> = {
  global: "",
  runners: `${runner}\nexecutor = "shell"`,
  docker: `${runner}\nexecutor = "docker"\n[runners.docker]`,
  kubernetes: `${runner}\nexecutor = "kubernetes"\n[runners.kubernetes]`,
};

/** The names that the runner does not read; it says so of no other fault that a value may have. */
async function findUnknown(section: Section, names: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  const queue = new PQueue({ concurrency: 4 });
  const check = async (name: string) => {
    const file = join(folder, `${name}.toml`);
    await writeFile(file, `${headers[section]}\n${name} = "x"\n`);
    const said = await lint("--config", file);
    return new RegExp(`unknown key: \\S*\\b${name}\\b`).test(said) ? [name] : [];
  };
  return (await queue.addAll(names.map((name) => () => check(name)))).flat();
}

describe("the runner reads", () => {
  test.each(["global", "runners", "docker", "kubernetes"] as const)(
    "every name that is known in the section %s, and no invented one",
    async (section) => {
      const names = [...documentedNames[section], ...Object.keys(typedNames[section])];
      expect(await findUnknown(section, [...names, "invented"])).toEqual(["invented"]);
    },
  );
});
