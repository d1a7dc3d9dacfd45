import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify, type TomlTable } from "smol-toml";
import { beforeEach, expect, test } from "vitest";
import { documentedNames, type Section } from "../../../rules/runner/documented-names.ts";
import { findRunnerProgram } from "../../../scripts/pipeline/runner-process.ts";
import { readCases } from "../../golden/runner/cases.ts";
import { temporaryFolder } from "../sandbox-for-test.ts";

/** What the official runner's own check says of the configuration that trunkline renders. */

const program = (await findRunnerProgram()) ?? "";
const { stdout: help } = program === "" ? { stdout: "" } : await execa(program, ["--help"]);
const canLint = /^\s+lint\s/m.test(help);
const cases = await readCases();
let folder: string;

beforeEach(async ({ skip }) => {
  skip(!canLint, "there is no gitlab-runner with the command lint: make test builds one");
  folder = await temporaryFolder();
});

async function lint(config: string, name = "config"): Promise<string> {
  const file = join(folder, `${name}.toml`);
  await writeFile(file, config);
  const { all } = await execa(program, ["lint", "--config", file], { all: true, reject: false });
  return all;
}

test.each(cases)("The config.toml of $name has known keys and right values only", async (each) => {
  expect(await lint(each.rendered)).toContain("Configuration file is valid.");
});

test("A key that the runner does not know is found", async () => {
  expect(await lint("concurrent = 1\nconcurrency = 2\n")).toContain("unknown key: concurrency");
});

test.each(Object.entries(documentedNames) as [Section, string[]][])(
  "Every further setting of the section %s is one that the runner knows",
  async (section, names) => {
    const answers = await Promise.all(
      names.map(async (name) => ({ name, answer: await lint(withSetting(section, name), name) })),
    );
    const unknown = answers.filter(({ answer }) => answer.includes("unknown key"));
    expect(unknown.map(({ name }) => name)).toEqual([]);
  },
);

/** A file with a value for a setting. It may be of the wrong kind, which only a known one can be. */
function withSetting(section: Section, name: string): string {
  const executor = section === "kubernetes" ? "kubernetes" : "docker";
  const found = cases.find((each) => (each.request.executor ?? "docker") === executor);
  const file = parse(found?.rendered ?? "");
  const [runner] = file.runners as [TomlTable];
  const table = {
    global: file,
    runners: runner,
    docker: runner.docker,
    kubernetes: runner.kubernetes,
  };
  (table[section] as TomlTable)[name] = {};
  return stringify(file);
}
