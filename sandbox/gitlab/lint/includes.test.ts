import { describe, expect, test } from "vitest";
import { memoryFacts } from "../pipelines/memory-sources.ts";
import { lintConfig } from "./lint.ts";

const job = (name: string) => `${name}: {script: make}\n`;

const own = {
  "ci/a.yml": `include: /ci/b.yml\n${job("a")}`,
  "ci/b.yml": job("b"),
  "ci/deep/c.yml": job("c"),
  "ci/d.yaml": job("d"),
  "all/e.yml": `include: all/*.yml\n${job("e")}`,
  "all/f.yml": job("f"),
  "empty.yml": " \n",
  "comment.yml": "# later\n",
  "broken.yml": "a: b: c\n",
  "text.yml": "make\n",
  "loop.yml": "include: loop.yml\n",
  "missing.yml": "include: nowhere.yml\n",
  "ci/x": job("x"),
};
const others = {
  "infra/ci@HEAD": { "x.yml": job("newest"), "y.yml": job("y"), "empty.yml": "" },
  "infra/ci@v1": {
    "x.yml": "include: [lib/z.yml, {local: own.yml, rules: [{exists: [own.yml]}]}]\n",
    "lib/z.yml": job("z"),
  },
};

async function lint(include: string, more = job("last")) {
  const variables = { DIR: "ci", NAME: "b" };
  const facts = memoryFacts(own, others, variables);
  const { errors, jobs, includes } = await lintConfig(`include: ${include}\n${more}`, facts);
  return { errors, names: jobs.map(({ name }) => name), includes };
}

describe("which files does include take in?", () => {
  test.each<[string, string, string[]]>([
    ["a text, and what it includes in turn", "ci/a.yml", ["b", "a"]],
    ["a path with a slash in front", "/ci/b.yml", ["b"]],
    ["a mapping", "{local: ci/b.yml}", ["b"]],
    ["a list", "[ci/b.yml, {local: /ci/d.yaml}]", ["b", "d"]],
    ["the same file twice", "[ci/b.yml, ci/a.yml]", ["b", "a"]],
    ["a wildcard, within one folder", "/ci/*.yml", ["b", "a"]],
    ["a wildcard across folders", "ci/**.y*ml", ["b", "a", "c", "d"]],
    ["a wildcard that would find its own file", "all/e.yml", ["f", "e"]],
    ["a wildcard that finds nothing", "none/*.yml", []],
    ["variables", `$DIR/\${NAME}$UNSET.yml`, ["b"]],
    ["nothing", "[]", []],
    ["another project's newest", "{project: infra/ci, file: x.yml}", ["newest"]],
    ["its files", "{project: INFRA/ci, file: [/x.yml, y.yml]}", ["newest", "y"]],
    [
      "a tag of it, with local files of its own",
      "{project: infra/ci, ref: v1, file: x.yml}",
      ["z"],
    ],
    ["a rule that finds a file", "{local: ci/b.yml, rules: [{exists: [ci/a.yml]}]}", ["b"]],
    ["a rule with a pattern", "{local: ci/b.yml, rules: [{exists: ['**/c.yml']}]}", ["b"]],
    ["a rule that finds none", "{local: ci/b.yml, rules: [{exists: [none]}]}", []],
    ["a condition that holds", '{local: ci/b.yml, rules: [{if: $NAME == "b"}]}', ["b"]],
    ["a rule that keeps it out", "{local: none.yml, rules: [{if: $NAME, when: never}]}", []],
  ])("%s", async (_, include, names) => {
    expect(await lint(include)).toMatchObject({ errors: [], names: [...names, "last"] });
  });
});

test("do rules in another project's file look at that project's files?", async () => {
  const file = "{local: lib/z.yml, rules: [{exists: [lib/z.yml]}]}";
  const facts = memoryFacts(
    { "own.yml": "" },
    { "infra/ci@HEAD": { "x.yml": `include: [${file}]\n${job("x")}`, "lib/z.yml": job("z") } },
  );
  const content = `include: {project: infra/ci, file: x.yml}\n${job("last")}`;
  const { jobs } = await lintConfig(content, facts);
  expect(jobs.map(({ name }) => name)).toEqual(["z", "x", "last"]);
});

const list = Array.from({ length: 151 }, () => "ci/b.yml").join(", ");
const subkeys = "`local`, `project`, `remote`, `template`, `artifact`, `component`";

describe("in which sentences is an include refused?", () => {
  test.each<[string, string]>([
    ["/x.yml", "Local file `x.yml` does not exist!"],
    ["empty.yml", "Local file `empty.yml` is empty!"],
    ["comment.yml", "Included file `comment.yml` does not have valid YAML syntax!"],
    ["text.yml", "`text.yml`: Invalid configuration format"],
    [
      "broken.yml",
      "`broken.yml`: (<unknown>): mapping values are not allowed in this context at line 1 column 5",
    ],
    ["ci/x", "Included file `ci/x` does not have YAML extension!"],
    ["ci/.yml", "Included file `ci/.yml` does not have YAML extension!"],
    ["loop.yml", "Maximum of 150 nested includes are allowed!"],
    [`[${list}]`, "Maximum of 150 nested includes are allowed!"],
    ["[x.yml, missing.yml]", "Local file `nowhere.yml` does not exist!"],
    ["[x.yml, ci/x]", "Local file `x.yml` does not exist!"],
    [
      "{project: infra/Other, file: x.yml}",
      "Project `infra/other` not found or access denied! " +
        "Make sure any includes in the pipeline configuration are correctly defined.",
    ],
    [
      "{project: infra/ci, ref: v2, file: x.yml}",
      "Project `infra/ci` reference `v2` does not exist!",
    ],
    ["{project: infra/ci, file: z.yml}", "Project `infra/ci` file `z.yml` does not exist!"],
    ["{project: infra/ci, file: empty.yml}", "Project `infra/ci` file `empty.yml` is empty!"],
    ["{project: infra/ci, file: x}", "Included file `x` does not have YAML extension!"],
    ["{project: infra/ci}", "include config must specify the file where to fetch the config from"],
    ["5", "Each include must be a hash or a string"],
    [
      "{file: x.yml}",
      '`{"file":"x.yml"}` does not have a valid subkey for include. ' +
        `Valid subkeys are: ${subkeys}`,
    ],
    ["{local: ci/b.yml, template: x.yml}", `Each include must use only one of: ${subkeys}`],
    ["{local: ci/b.yml, rules: [{when: manual}]}", "include:rules:rule when unknown value: manual"],
    [
      "{local: ci/b.yml, rules: [{if: $A, needs: [b]}]}",
      "include:rules:rule config contains unknown keys: needs",
    ],
    ["{local: ci/b.yml, rules: [{if: $A ===}]}", "include:rules:rule if invalid expression syntax"],
  ])("%s", async (include, message) => {
    expect(await lint(include)).toMatchObject({ errors: [message], includes: null });
  });

  test.each([
    ["https://example.com/x.yml", "remote"],
    ["{remote: 'https://example.com/x.yml'}", "remote"],
    ["{template: Bash.gitlab-ci.yml}", "template"],
    ["{component: example.com/a/b@1}", "component"],
    ["{artifact: x.yml, job: a}", "artifact"],
    ["{local: ci/b.yml, inputs: {a: b}}", "inputs"],
  ])("%s is not followed, and is named", async (include, keyword) => {
    const { errors } = await lint(include);
    expect(errors).toEqual([
      expect.stringContaining(`sandbox: include:${keyword} is not followed`),
    ]);
  });
});

test("what lies over what? later files over earlier ones, the including file over all", async () => {
  const files = {
    "a.yml": "a: {script: [from a], stage: build, variables: {A: a, B: a, C: a}, tags: [a, b]}\n",
    "b.yml": "a: {variables: {B: b, C: b}, tags: [c]}\n",
  };
  const content = "include: [a.yml, b.yml]\na: {variables: {C: own}}\n";
  const { config } = await lintConfig(content, memoryFacts(files));
  expect(config).toEqual({
    a: { script: ["from a"], stage: "build", variables: { A: "a", B: "b", C: "own" }, tags: ["c"] },
  });
});

test("which files are told? those of one file together, before what they include", async () => {
  const include = "[ci/a.yml, {project: infra/ci, ref: v1, file: x.yml}]";
  const { includes } = await lint(include);
  expect(
    includes?.map(({ path, other, source, from }) => [path, other, source.sha, from.sha]),
  ).toEqual([
    ["ci/a.yml", undefined, "own-sha", "own-sha"],
    ["x.yml", { project: "infra/ci", ref: "v1" }, "v1-sha", "own-sha"],
    ["ci/b.yml", undefined, "own-sha", "own-sha"],
    ["lib/z.yml", undefined, "v1-sha", "v1-sha"],
  ]);
});

test("do jobs extend and refer to jobs of included files, and are these replaced?", async () => {
  const files = {
    "x.yml": [
      ".base: {before_script: [!reference [.setup, script]], tags: [infra], stage: build}",
      ".setup: {script: [one, [two, three]]}",
    ].join("\n"),
  };
  const content = [
    "include: {project: infra/ci, file: x.yml}",
    ".setup: {script: [mine]}",
    "a: {extends: .base, script: !reference [.setup, script]}",
    "b: {extends: a, script: [!reference [a, script], last]}",
  ].join("\n");
  const { errors, jobs } = await lintConfig(content, memoryFacts({}, { "infra/ci@HEAD": files }));
  expect(errors).toEqual([]);
  expect(jobs).toMatchObject([
    { name: "a", before_script: ["mine"], script: ["mine"], tag_list: ["infra"] },
    { name: "b", before_script: ["mine"], script: ["mine", "last"], tag_list: ["infra"] },
  ]);
});
