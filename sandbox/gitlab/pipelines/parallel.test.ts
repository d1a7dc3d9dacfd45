import { expect, test } from "vitest";
import { lintConfig } from "../lint/lint.ts";
import { memoryFacts, memorySources } from "./memory-sources.ts";
import { planPipeline } from "./plan.ts";
import { specVariables } from "./predefined.ts";
import { expand, layer, toVariables } from "./variables.ts";

const facts = {
  predefined: toVariables({ CI_COMMIT_BRANCH: "main" }),
  above: () => [],
  changed: undefined,
  files: [],
};

async function plan(...lines: string[]) {
  const { jobs, fault } = await planPipeline(lines.join("\n"), memorySources(), facts);
  expect(fault).toBeUndefined();
  return jobs;
}

const matrix = [
  "build:",
  "  stage: build",
  "  script: make",
  "  variables: {ARCH: none, FLAGS: -O2}",
  "  parallel:",
  "    matrix:",
  "      - {OS: [xenial, bionic], ARCH: [amd64, arm64]}",
  "      - {OS: jammy, LEVEL: 2}",
];
const names = [
  "build: [xenial, amd64]",
  "build: [xenial, arm64]",
  "build: [bionic, amd64]",
  "build: [bionic, arm64]",
  "build: [jammy, 2]",
];

test("A number makes that many jobs, which know their place", async () => {
  const jobs = await plan("job: {script: make, parallel: 3}");
  expect(jobs.map(({ name }) => name)).toEqual(["job 1/3", "job 2/3", "job 3/3"]);
  const text = "$CI_JOB_NAME is $CI_NODE_INDEX of $CI_NODE_TOTAL";
  expect(jobs.map((job) => expand(text, specVariables(job)))).toEqual([
    "job 1/3 is 1 of 3",
    "job 2/3 is 2 of 3",
    "job 3/3 is 3 of 3",
  ]);
});

test("A job that is no part of several is one of one, without an index", async () => {
  const [job] = await plan("job: {script: make}");
  const variables = job ? specVariables(job) : [];
  expect(expand("$CI_NODE_INDEX $CI_NODE_TOTAL", variables)).toBe("$CI_NODE_INDEX 1");
});

test("A matrix makes a job of every combination, with its values above the job's own", async () => {
  const jobs = await plan(...matrix);
  expect(jobs.map(({ name }) => name)).toEqual(names);
  const text = "$OS $ARCH $LEVEL $FLAGS $CI_NODE_INDEX/$CI_NODE_TOTAL";
  const told = jobs.map((job) => expand(text, layer(specVariables(job), job.variables)));
  expect([told[1], told[4]]).toEqual(["xenial arm64 $LEVEL -O2 2/5", "jammy none 2 -O2 5/5"]);
});

test("Rules see the values of the matrix", async () => {
  const jobs = await plan(...matrix, '  rules: [{if: $OS == "jammy"}]');
  expect(jobs.map(({ name }) => name)).toEqual(["build: [jammy, 2]"]);
});

test.each<[string, string[]]>([
  ["needs: [build]", names],
  ["needs: [{job: build, parallel: {matrix: [{OS: jammy, LEVEL: 2}]}}]", ["build: [jammy, 2]"]],
  ["needs: ['build: [bionic, arm64]']", ["build: [bionic, arm64]"]],
  ["rules: [{when: on_success, needs: [build]}]", names],
])("A job with %s waits for %j", async (keyword, expected) => {
  const jobs = await plan(...matrix, `pack: {script: pack, ${keyword}}`);
  expect(jobs.at(-1)?.needs?.map(({ name }) => name)).toEqual(expected);
});

test("Dependencies name all jobs of one, or some of them", async () => {
  const jobs = await plan(
    "a: {stage: build, script: make, parallel: 2}",
    "all: {script: pack, dependencies: [a]}",
    "one: {script: pack, dependencies: ['a 2/2']}",
  );
  expect(jobs.slice(2).map(({ dependencies }) => dependencies)).toEqual([
    ["a 1/2", "a 2/2"],
    ["a 2/2"],
  ]);
});

test("The lint shows the jobs that are made", async () => {
  const { jobs } = await lintConfig("a: {script: make, parallel: 2}\n", memoryFacts());
  expect(jobs.map(({ name }) => name)).toEqual(["a 1/2", "a 2/2"]);
});

test.each([
  ["parallel: many", "jobs:a:parallel should be an integer or a hash"],
  ["parallel: 1.5", "jobs:a:parallel config must be an integer"],
  ["parallel: 0", "jobs:a:parallel config must be greater than or equal to 1"],
  ["parallel: 201", "jobs:a:parallel config must be less than or equal to 200"],
  ["parallel: {matrix: {A: [1]}}", "jobs:a:parallel:matrix config should be an array of hashes"],
  [
    `parallel: {matrix: [{A: [${Array(15).fill(1)}], B: [${Array(15).fill(1)}]}]}`,
    "jobs:a:parallel:matrix config generates too many jobs (maximum is 200)",
  ],
])("%s is refused", async (keyword, fault) => {
  const { errors } = await lintConfig(`a: {script: make, ${keyword}}\n`, memoryFacts());
  expect(errors).toEqual([fault]);
});
