import { describe, expect, test } from "vitest";
import { ConfigError, type Fault } from "../validation/config-error.ts";
import { checkPipeline, handoffPaths, handoffPathsOf, readManifest } from "./handoff.ts";
import { type Job, type Pipeline, Reference } from "./model.ts";

const compile = (codename: string, changes: Partial<Job> = {}): Job => ({
  name: `compile_on_${codename}`,
  stage: "compile",
  script: ["make"],
  cache: { key: `ccache-${codename}`, paths: [".ccache/"] },
  artifacts: { paths: handoffPaths, expireIn: "1 week" },
  ...changes,
});

const junit = ["build/junit.xml"];

const check = (codename: string, changes: Partial<Job> = {}): Job => ({
  name: `test_on_${codename}`,
  stage: "test",
  script: ["ctest"],
  needs: [{ job: `compile_on_${codename}`, artifacts: true }],
  artifacts: { when: "always", paths: junit, reports: { junit }, expireIn: "1 week" },
  ...changes,
});

const upload = (codename: string, changes: Partial<Job> = {}): Job => ({
  name: `upload_on_${codename}`,
  stage: "upload",
  script: ["upload"],
  needs: [{ job: `compile_on_${codename}`, artifacts: true }],
  resourceGroup: `apt/trunk/${codename}`,
  variables: { UPLOAD_DIRECTORY: `ying_${codename}_$CI_JOB_ID` },
  ...changes,
});

function faultsOf(...jobs: Job[]): readonly Fault[] {
  const [hidden, visible] = [true, false].map((isHidden) =>
    jobs.filter(({ name }) => name.startsWith(".") === isHidden),
  );
  const stages = ["compile", "test", "upload"];
  const pipeline: Pipeline = { header: [], stages, jobs: visible ?? [], hidden: hidden ?? [] };
  try {
    checkPipeline(pipeline);
    return [];
  } catch (error) {
    if (error instanceof ConfigError && error.code === "pipeline") return error.faults;
    throw error;
  }
}

const pathsOf = (...jobs: Job[]) => faultsOf(...jobs).map(({ path }) => path);

test("two distributions, each with its own compile and upload job, are fine", () => {
  const jobs = [compile("a"), compile("b"), upload("a"), upload("b")];
  expect(faultsOf(...jobs)).toEqual([]);
});

test("one compile job may serve every upload job", () => {
  const built = { needs: [{ job: "compile_on_a", artifacts: true }] };
  expect(faultsOf(compile("a"), upload("a"), upload("b", built))).toEqual([]);
});

test("two compile jobs may serve one upload job, each with a manifest of its own", () => {
  const artifacts = { paths: handoffPathsOf("arm64"), expireIn: "1 week" };
  const other = compile("b", { artifacts });
  const needs = ["compile_on_a", "compile_on_b"].map((job) => ({ job, artifacts: true }));
  expect(faultsOf(compile("a"), other, upload("a", { needs }))).toEqual([]);
});

describe("packages could get lost", () => {
  test("when two compile jobs hand one job a manifest of one name", () => {
    const needs = ["compile_on_a", "compile_on_b"].map((job) => ({ job, artifacts: true }));
    expect(faultsOf(compile("a"), compile("b"), upload("a", { needs }))).toEqual([
      expect.objectContaining({
        path: "jobs.upload_on_a.needs",
        message: expect.stringContaining('"packages/manifest" from two jobs'),
      }),
    ]);
  });

  test.each(["build/*.deb", "packages/", ".ccache/../build"])("in a cache of %s", (path) => {
    const cache = { key: "a", paths: [path] };
    expect(faultsOf(compile("a", { cache }))).toEqual([
      expect.objectContaining({
        path: "jobs.compile_on_a.cache.paths",
        message: expect.stringContaining(`"${path}"`),
      }),
    ]);
  });

  test("when an upload job takes them from a cache", () => {
    const cache = { key: "a", paths: ["build/*.deb"] };
    expect(pathsOf(compile("a"), upload("a", { cache }))).toContain("jobs.upload_on_a.cache.paths");
  });

  test.each<[string, Partial<Job>]>([
    ["needs no job", { needs: [] }],
    [
      "needs its compile job without artifacts",
      { needs: [{ job: "compile_on_a", artifacts: false }] },
    ],
    ["needs a job that does not exist", { needs: [{ job: "x", artifacts: true }] }],
  ])("when an upload job %s", (_case, changes) => {
    expect(pathsOf(compile("a"), upload("a", changes))).toEqual(["jobs.upload_on_a.needs"]);
  });

  test.each(handoffPaths)("when the compile job does not hand over all but %s", (path) => {
    const artifacts = { paths: [path], expireIn: "1 week" };
    expect(pathsOf(compile("a", { artifacts }), upload("a"))).toEqual(["jobs.upload_on_a.needs"]);
  });
});

describe("packages could be uploaded untested", () => {
  const needs = [
    { job: "compile_on_a", artifacts: true },
    { job: "test_on_a", artifacts: false },
  ];

  test("not when each upload waits for the tests of its own packages", () => {
    const jobs = [compile("a"), compile("b"), check("a"), upload("a", { needs }), upload("b")];
    expect(faultsOf(...jobs)).toEqual([]);
  });

  test("when an upload does not wait for their tests", () => {
    expect(faultsOf(compile("a"), check("a"), upload("a"))).toEqual([
      expect.objectContaining({
        path: "jobs.upload_on_a.needs",
        message: expect.stringContaining('"test_on_a"'),
      }),
    ]);
  });

  test("when the tests are of something else", () => {
    const jobs = [compile("a"), check("a", { needs: [] }), upload("a", { needs })];
    expect(pathsOf(...jobs)).toEqual(["jobs.test_on_a.needs"]);
  });

  test.each<[string, Job["artifacts"]]>([
    ["none at all", undefined],
    ["files alone", { when: "always", paths: junit, expireIn: "1 week" }],
    ["an empty list", { when: "always", paths: junit, reports: { junit: [] }, expireIn: "1 week" }],
    ["none when they fail", { paths: junit, reports: { junit }, expireIn: "1 week" }],
  ])("when tests report %s", (_case, artifacts) => {
    const { artifacts: _, ...rest } = check("a");
    const job = { ...rest, ...(artifacts && { artifacts }) };
    expect(pathsOf(compile("a"), job, upload("a", { needs }))).toEqual([
      "jobs.test_on_a.artifacts",
    ]);
  });
});

describe("packages could get mixed up", () => {
  test("when two jobs have one name", () => {
    expect(
      pathsOf(compile("a"), compile("a", { cache: { key: "b", paths: [".ccache"] } })),
    ).toEqual(["jobs.compile_on_a"]);
  });

  test("when two distributions share a compiler cache", () => {
    const shared = { key: "ccache", paths: [".ccache/"] };
    const jobs = [compile("a", { cache: shared }), compile("b", { cache: shared })];
    expect(pathsOf(...jobs)).toEqual(["jobs.compile_on_b.cache.key"]);
  });

  test("when a directory is the same in every run", () => {
    const variables = { UPLOAD_DIRECTORY: "ying_a" };
    expect(pathsOf(compile("a"), upload("a", { variables }))).toEqual([
      "jobs.upload_on_a.variables.UPLOAD_DIRECTORY",
    ]);
  });

  test("when an upload has no resource group", () => {
    const jobs = [compile("a"), upload("a", { resourceGroup: undefined } as Partial<Job>)];
    expect(pathsOf(...jobs)).toEqual(["jobs.upload_on_a.resourceGroup"]);
  });
});

test("what a hidden job gives a job counts", () => {
  const { stage, ...rest } = upload("a", { extends: ".upload" });
  const hidden: Job = { name: ".upload", stage: "upload" };
  expect(faultsOf(compile("a"), hidden, rest)).toEqual([]);
  expect(pathsOf(compile("a"), hidden, { ...rest, needs: [] })).toEqual(["jobs.upload_on_a.needs"]);
});

test("what a job takes from another one by reference counts", () => {
  const reports = new Reference("test_on_a", "artifacts");
  const jobs = [compile("a"), compile("b"), check("a"), check("b", { artifacts: reports })];
  expect(faultsOf(...jobs)).toEqual([]);
  const nothing = new Reference("test_on_x", "artifacts");
  expect(pathsOf(compile("a"), check("a", { artifacts: nothing }))).toEqual([
    "jobs.test_on_a.artifacts",
  ]);
});

test("a manifest is read as it was written", () => {
  const line = "ab12 8334 ying_1.0-1~a_amd64.deb ying 1:1.0-1~a amd64";
  expect(readManifest(`${line}\n`)).toEqual([
    {
      sha256: "ab12",
      size: 8334,
      file: "ying_1.0-1~a_amd64.deb",
      package: "ying",
      version: "1:1.0-1~a",
      architecture: "amd64",
    },
  ]);
});

test.each(["ab12 8334 ying.deb", "ab12 8334 ying.deb ying 1.0 amd64 more"])(
  "the line %j is no manifest line",
  (line) => {
    expect(() => readManifest(`${line}\n`)).toThrow(`"${line}"`);
  },
);
