import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderTemplate } from "../../../pipeline/template.ts";
import { memorySources } from "./memory-sources.ts";
import { planPipeline } from "./plan.ts";
import { toVariables } from "./variables.ts";

interface Facts {
  branch?: string;
  source?: string;
  changed?: string[];
  above?: Record<string, string>;
}

/** What the committed pipelines include. */
const shell = { "infra/ci@main": { "package-v1.yml": renderTemplate().content } };

async function plan(content: string, facts: Facts = {}) {
  const { branch = "main", source = "push", changed, above = {} } = facts;
  return planPipeline(content, memorySources({}, shell), {
    predefined: toVariables({
      CI_COMMIT_BRANCH: branch,
      CI_DEFAULT_BRANCH: "main",
      CI_PIPELINE_SOURCE: source,
    }),
    above: () => toVariables(above),
    changed,
    files: ["README.md", "src/main.cc"],
  });
}

async function names(content: string, facts: Facts = {}) {
  return (await plan(content, facts)).jobs.map((job) => job.name);
}

describe("What the committed pipelines become", () => {
  const golden = join(
    import.meta.dirname,
    "../../../test/golden/pipeline/dev-datahook/.gitlab-ci.yml",
  );
  const content = readFileSync(golden, "utf8");

  test("On the default branch packages are compiled and uploaded", async () => {
    const { jobs, fault } = await plan(content);
    expect(fault).toBeUndefined();
    expect(jobs.map(({ name, stage, tags }) => [name, stage, tags])).toEqual([
      ["compile_on_bookworm", "compile", ["infra"]],
      ["compile_on_trixie", "compile", ["infra"]],
      ["upload_on_bookworm", "upload", ["infra"]],
      ["upload_on_trixie", "upload", ["infra"]],
    ]);
    expect(jobs[2]).toMatchObject({
      needs: [{ name: "compile_on_bookworm", artifacts: true }],
      resource_group: "apt/trunk/bookworm",
    });
    expect(jobs[0]?.artifacts).toMatchObject({ expire_in: "1 week" });
  });

  test("On another branch packages are compiled only", async () => {
    const expected = ["compile_on_bookworm", "compile_on_trixie"];
    expect(await names(content, { branch: "topic" })).toEqual(expected);
  });
});

test.each([
  ["needs a variable of the project", "- if: $DEPLOY", { above: { DEPLOY: "yes" } }, true],
  ["does not find it", "- if: $DEPLOY", {}, false],
  ["is kept out by never", "- {if: $CI_COMMIT_BRANCH, when: never}\n    - when: always", {}, false],
  ["looks at what changed", "- changes: ['src/**/*']", { changed: ["src/main.cc"] }, true],
  ["finds nothing changed", "- changes: ['src/**/*']", { changed: ["README.md"] }, false],
  ["takes changes as true without a push", "- changes: ['docs/*']", {}, true],
  ["asks for a file", "- exists: ['*.md']", {}, true],
  ["misses a file", "- exists: [Makefile]", {}, false],
])("A job that %s", async (_title, rules, facts, expected) => {
  const content = `always: {script: make}\njob:\n  script: make\n  rules:\n    ${rules}\n`;
  expect(await names(content, facts)).toEqual(expected ? ["always", "job"] : ["always"]);
});

test("A pipeline that workflow rules keep out does not come to be", async () => {
  const content = "workflow: {rules: [{if: '$CI_COMMIT_BRANCH == \"x\"'}]}\njob: {script: make}\n";
  expect(await plan(content)).toMatchObject({
    filtered: "Pipeline filtered out by workflow rules.",
    jobs: [],
  });
});

test.each([
  ["retries: 2", "jobs:job config contains unknown keys: retries"],
  ["release: {tag_name: v1, description: x}", "jobs:job:release"],
  ["only: {kubernetes: active}", "jobs:job:only:kubernetes"],
  ["artifacts: {paths: [x], expose_as: x}", "jobs:job:artifacts:expose_as"],
  ["rules: [{when: never}, {if: '$A ==='}]", "jobs:job:rules:rule if invalid expression syntax"],
])("A job with %s fails the pipeline by that name", async (keyword, expected) => {
  expect((await plan(`job:\n  script: make\n  ${keyword}\n`)).fault).toContain(expected);
});

test("A need that rules took away fails the pipeline unless it is optional", async () => {
  const file = (need: string) =>
    `a: {script: make, rules: [{if: $NO}]}\nb: {script: make, needs: [${need}]}\n`;
  expect((await plan(file("a"))).fault).toContain("'b' job needs 'a' job, but 'a' does not exist");
  expect(await names(file("{job: a, optional: true}"))).toEqual(["b"]);
});

test("A job's own variables stand above those of the file, and a rule's above both", async () => {
  const content = [
    "variables: {A: top, B: top, C: top}",
    "job:",
    "  script: make",
    "  variables: {B: job, C: job}",
    "  rules: [{when: always, variables: {C: rule}}]",
  ].join("\n");
  const [job] = (await plan(content)).jobs;
  expect(Object.fromEntries(job?.variables.map(({ key, value }) => [key, value]) ?? [])).toEqual({
    A: "top",
    B: "job",
    C: "rule",
  });
});

test("Defaults reach jobs that do not refuse them", async () => {
  const content = [
    "default: {tags: [infra], retry: 2, timeout: 10 minutes}",
    "a: {script: make}",
    "b: {script: make, inherit: {default: false}}",
  ].join("\n");
  const [a, b] = (await plan(content)).jobs;
  expect([a?.tags, a?.retry.max, a?.timeout]).toEqual([["infra"], 2, 600]);
  expect([b?.tags, b?.retry.max, b?.timeout]).toEqual([[], 0, null]);
});
