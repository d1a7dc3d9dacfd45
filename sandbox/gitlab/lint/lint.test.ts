import { describe, expect, test } from "vitest";
import { memoryFacts } from "../pipelines/memory-sources.ts";
import { lintConfig } from "./lint.ts";

const lint = (content: string) => lintConfig(content, memoryFacts());

const scriptFault = "config should be a string or a nested array of strings up to 10 levels deep";

describe("which sentences does a faulty configuration get?", () => {
  test.each<[string, string, string[]]>([
    ["blank", " \n", ["Please provide content of .gitlab-ci.yml"]],
    ["a list", "- a\n", ["Invalid configuration format"]],
    [
      "a colon in a plain value",
      "a: b: c\n",
      ["(<unknown>): mapping values are not allowed in this context at line 1 column 5"],
    ],
    [
      "wrong indentation",
      "a:\n  - x\n b: 1\n",
      ["(<unknown>): did not find expected key while parsing a block mapping at line 1 column 1"],
    ],
    ["an alias of nothing", "a: *b\n", ["An alias referenced an unknown anchor: b"]],
    ["a bare day", "a: {script: [2026-01-01]}\n", ["Tried to load unspecified class: Date"]],
    [
      "a bare time",
      "a: {script: [2026-01-01T10:00:00Z]}\n",
      ["Tried to load unspecified class: Time"],
    ],
    ["no job", "stages: [build]\n", ["jobs config should contain at least one visible job"]],
    [
      "only hidden jobs",
      ".a: {script: x}\n",
      ["jobs config should contain at least one visible job"],
    ],
    [
      "a job that does nothing",
      "a: {stage: test}\nb: {script: x}\n",
      ["jobs a config should implement the script:, run:, or trigger: keyword"],
    ],
    [
      "a misspelt script alone",
      "a: {scriptt: x}\n",
      [
        "jobs a config should implement the script:, run:, or trigger: keyword",
        "jobs config should contain at least one visible job",
      ],
    ],
    ["a number as script", "a: {script: 1}\n", [`jobs:a:script ${scriptFault}`]],
    ["a mapping in a script", "a:\n  script:\n  - b: c\n", [`jobs:a:script ${scriptFault}`]],
    ["an empty script", "a: {script: []}\n", ["jobs:a script can't be blank"]],
    [
      "a wrong before_script at the top",
      "before_script: 1\na: {script: x}\n",
      [`before_script ${scriptFault}`],
    ],
    [
      "unknown keywords",
      "a: {script: x, foo: 1, bar: 2}\n",
      ["jobs:a config contains unknown keys: foo, bar"],
    ],
    [
      "tags as text",
      "a: {script: x, tags: y}\n",
      ["jobs:a:tags config should be an array of strings"],
    ],
    [
      "an unknown when",
      "a: {script: x, when: never}\n",
      ["jobs:a when should be one of: on_success, on_failure, always, manual, delayed"],
    ],
    [
      "only beside rules",
      "a: {script: x, only: [main], rules: [{if: $A}]}\n",
      ["jobs:a config key may not be used with `rules`: only"],
    ],
    [
      "several faults",
      "a: {script: 1}\nb: {script: x, tags: y}\n",
      [`jobs:a:script ${scriptFault}`, "jobs:b:tags config should be an array of strings"],
    ],
    [
      "an unknown stage",
      "a: {script: x, stage: y}\n",
      [
        "a job: chosen stage y does not exist; available stages are .pre, build, test, deploy, .post",
      ],
    ],
    [
      "the default stage left out",
      "stages: [compile]\na: {script: x}\n",
      ["a job: chosen stage test does not exist; available stages are .pre, compile, .post"],
    ],
    ["needs of nothing", "a: {script: x, needs: [b]}\n", ["a job: undefined need: b"]],
    [
      "needs of a later stage",
      "a: {script: x, stage: build, needs: [b]}\nb: {script: x, stage: test}\n",
      ["a job: need b is not defined in current or prior stages"],
    ],
    [
      "needs twice",
      "a: {script: x, needs: [b, b]}\nb: {script: x}\n",
      ["a has the following needs duplicated: b."],
    ],
    [
      "needs of itself",
      "a: {script: x, needs: [a]}\n",
      ["The pipeline has circular dependencies: self-dependency: a"],
    ],
    [
      "needs in a circle",
      "a: {script: x, needs: [b]}\nb: {script: x, needs: [a]}\n",
      ['The pipeline has circular dependencies: topological sort failed: ["a","b"]'],
    ],
    [
      "dependencies on nothing",
      "a: {script: x, dependencies: [b]}\n",
      ["a job: undefined dependency: b"],
    ],
    [
      "dependencies outside needs",
      "a: {script: x, needs: [b], dependencies: [c]}\nb: {script: x}\nc: {script: x}\n",
      ["jobs:a dependencies the c should be part of needs"],
    ],
    ["extends of nothing", "a: {extends: .b}\n", ["a: unknown keys in `extends` (.b)"]],
    [
      "extends too deep",
      Array.from({ length: 14 }, (_, at) => `j${at}: {extends: j${at + 1}}`)
        .join("\n")
        .concat("\nj14: {script: x}\n"),
      ["j11: nesting too deep in `extends`"],
    ],
    [
      "extends in a circle",
      "a: {extends: b}\nb: {extends: a}\n",
      ["a: circular dependency detected in `extends`"],
    ],
    [
      "a reference to nothing",
      "a: {script: !reference [.b, script]}\n",
      ['!reference [".b", "script"] could not be found'],
    ],
    [
      "a reference to itself",
      "a: {script: !reference [a, script]}\n",
      ['!reference ["a", "script"] is part of a circular chain'],
    ],
    [
      "a reference to a key without a value",
      ".b: {script: }\na: {script: !reference [.b, script]}\n",
      ['!reference [".b", "script"] could not be found'],
    ],
    [
      "a reference that is no list of keys",
      "a: {script: !reference [b, 1]}\n",
      ['!reference ["b", 1] is not valid'],
    ],
    [
      "a script nested too deep",
      `a: {script: ${"[".repeat(11)}x${"]".repeat(11)}}\n`,
      [`jobs:a:script ${scriptFault}`],
    ],
    [
      "a wrong value that only the schema knows",
      "a: {script: x, artifacts: {when: sometimes}}\n",
      ["a:artifacts:when should be one of: on_success, on_failure, always"],
    ],
  ])("%s", async (_, content, errors) => {
    expect((await lint(content)).errors).toEqual(errors);
  });
});

/** Twenty-five times two jobs that both need the two before: more paths than can be walked. */
const diamonds = Array.from({ length: 25 }, (_, at) =>
  ["a", "b"].map(
    (side) => `${side}${at}: {script: x, needs: ${at ? `[a${at - 1}, b${at - 1}]` : "[]"}}`,
  ),
)
  .flat()
  .join("\n");

describe("what is accepted?", () => {
  test.each<[string, string]>([
    ["optional needs of nothing", "a: {script: x, needs: [{job: b, optional: true}]}\n"],
    ["needs within a stage", "a: {script: x}\nb: {script: x, needs: [a]}\n"],
    ["the stages that always exist", "a: {script: x, stage: .pre}\nb: {script: x, stage: .post}\n"],
    ["a nested script", "a: {script: [[x, y], z]}\n"],
    ["a deeply nested script", `a: {script: ${"[".repeat(10)}x${"]".repeat(10)}}\n`],
    ["a job that triggers", "a: {trigger: other/project}\n"],
    ["the same key twice", "a: {script: x}\na: {script: y}\n"],
    ["a header", "spec: {inputs: {x: {default: y}}}\n---\na: {script: x}\n"],
    ["a job named like a boolean", "y: {script: x}\nn: {script: x}\n"],
    ["a quoted day", "a: {script: x, variables: {DAY: '2026-01-01'}}\n"],
    ["a chain of needs that meet again", diamonds],
    [
      "lists that references nest",
      ".r: {rules: [[{if: $A}]], needs: [b]}\nb: {script: x}\n" +
        "a: {script: x, rules: [!reference [.r, rules], {when: never}], needs: [!reference [.r, needs]]}\n",
    ],
    ["no needs", "a: {script: x, needs: []}\n"],
    [
      "scripts, artifacts, cache, rules and resource groups",
      "a:\n  script: [x]\n  artifacts: {paths: [build/], expire_in: 1 week}\n  cache: {key: k, paths: [.ccache]}\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n  resource_group: trunk\n",
    ],
  ])("%s", async (_, content) => {
    expect((await lint(content)).errors).toEqual([]);
  });
});

test("what does the merged configuration hold? extends and references worked in", async () => {
  const content = [
    "stages: [build]",
    ".base: {stage: build, variables: {A: 1, B: 1}, script: [one]}",
    "a: {extends: .base, variables: {B: 2}, script: [!reference [.base, script], two]}",
  ].join("\n");
  const { mergedYaml, jobs } = await lint(content);
  expect(mergedYaml).toBe(
    [
      "---",
      "stages:",
      "- .pre",
      "- build",
      "- .post",
      ".base:",
      "  stage: build",
      "  variables:",
      "    A: 1",
      "    B: 1",
      "  script:",
      "  - one",
      "a:",
      "  stage: build",
      "  variables:",
      "    A: 1",
      "    B: 2",
      "  script:",
      "  - - one",
      "  - two",
      "  extends: .base",
      "",
    ].join("\n"),
  );
  expect(jobs[0]?.script).toEqual(["one", "two"]);
});

test("what do jobs inherit? default, unless they say otherwise, in the order of stages", async () => {
  const content = [
    "default: {before_script: [setup], tags: [infra]}",
    "last: {stage: deploy, script: ship, needs: [first], when: manual, environment: {name: prod}}",
    "first: {stage: build, script: make, inherit: {default: [tags]}}",
  ].join("\n");
  const { jobs } = await lint(content);
  expect(jobs).toMatchObject([
    { name: "first", stage: "build", before_script: [], script: ["make"], tag_list: ["infra"] },
    {
      name: "last",
      before_script: ["setup"],
      when: "manual",
      allow_failure: true,
      environment: "prod",
      needs: [{ name: "first", artifacts: true, optional: false }],
      only: { refs: ["branches", "tags"] },
    },
  ]);
});

test("which rules are warned about? a bare when at the end, without workflow rules", async () => {
  const job = "a: {script: x, rules: [{when: always}]}\n";
  expect((await lint(job)).warnings).toEqual([
    expect.stringMatching(/^jobs:a may allow multiple pipelines to run for a single action/),
  ]);
  expect((await lint(`workflow: {rules: [{if: $A}]}\n${job}`)).warnings).toEqual([]);
});
