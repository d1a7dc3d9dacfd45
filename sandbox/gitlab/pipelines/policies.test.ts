import { expect, test } from "vitest";
import { parseYaml } from "../lint/yaml.ts";
import { isAdmitted } from "./policies.ts";
import { toVariables } from "./variables.ts";

interface Pipeline {
  branch?: string;
  tag?: string;
  source?: string;
  changed?: string[];
  variables?: Record<string, string>;
}

function admits(keywords: string, { branch, tag, source = "push", ...rest }: Pipeline): boolean {
  const predefined = toVariables({
    CI_COMMIT_BRANCH: branch,
    CI_COMMIT_TAG: tag,
    CI_PIPELINE_SOURCE: source,
    CI_PROJECT_PATH: "infra/ying",
  });
  const variables = [...predefined, ...toVariables(rest.variables ?? {})];
  const facts = { predefined, variables, changed: rest.changed, files: [] };
  return isAdmitted(parseYaml(`script: make\n${keywords}\n`), facts);
}

const main = { branch: "master" };
const topic = { branch: "topic/x" };
const release = { tag: "v1.2" };

test.each<[string, Pipeline, boolean]>([
  ["", main, true],
  ["", release, true],
  ["only: [master]", main, true],
  ["only: [master]", topic, false],
  ["only: ['/(/@infra/ying']", main, false],
  ["only: [branches]", release, false],
  ["only: [tags]", release, true],
  ["only: [tags]", main, false],
  ["only: [merge_requests]", main, false],
  ["only: [pushes]", main, true],
  ["only: [pushes]", { ...main, source: "api" }, false],
  ["only: [api, web]", { ...main, source: "web" }, true],
  ["only: [schedules]", { ...main, source: "schedule" }, true],
  ["only: [triggers]", { ...main, source: "trigger" }, true],
  ["only: [/^topic/]", topic, true],
  ["only: [/^TOPIC/i]", topic, true],
  ["only: [/^topic/]", main, false],
  ["only: ['topic/.*']", topic, false],
  ["only: [master@infra/ying]", main, true],
  ["only: [master@other/ying]", main, false],
  ["only: [/^m/@infra/ying]", main, true],
  ["except: [master]", main, false],
  ["except: [master]", topic, true],
  ["except: [schedules]", { ...main, source: "schedule" }, false],
  ["only: [branches]\nexcept: [/^topic/]", topic, false],
  ["only: {refs: [master], variables: ['$A', $B]}", { ...main, variables: { B: "1" } }, true],
  ["only: {refs: [master], variables: [$B]}", main, false],
  ["only: {refs: [master], variables: [$B]}", { ...topic, variables: { B: "1" } }, false],
  ["only: {variables: [$B]}", { ...topic, variables: { B: "1" } }, true],
  ["except: {refs: [tags], variables: [$B]}", { ...topic, variables: { B: "1" } }, false],
  ["except: {refs: [tags], variables: [$B]}", release, false],
  ["except: {refs: [tags], variables: [$B]}", topic, true],
  ["only: {changes: ['src/**/*']}", { ...main, changed: ["src/a.c"] }, true],
  ["only: {changes: ['src/**/*']}", { ...main, changed: ["README.md"] }, false],
  ["only: {changes: ['src/**/*']}", main, true],
])("A job with %j in a pipeline of %j: %s", (keywords, pipeline, expected) => {
  expect(admits(keywords, pipeline)).toBe(expected);
});

test("A variable of the file does not pretend to be another branch", () => {
  const variables = { CI_COMMIT_BRANCH: "master" };
  expect(admits("only: [master]", { ...topic, variables })).toBe(false);
});
