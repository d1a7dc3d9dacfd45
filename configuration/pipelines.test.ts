import { describe, expect, test } from "vitest";
import { example, faultsOf } from "../test/support/configuration-example.ts";

const distributions = ["bookworm"];
const tests = { script: ["ctest"], reports: ["a.xml"] };
const ying = (entry: object, more: object = {}) =>
  example({ packages: { ying: { distributions, ...entry } }, ...more });

test.each<[string, Record<string, unknown>]>([
  ["a pinned state for all and for one", ying({ ci: { ref: "main" } }, { ci: { ref: "v1-a" } })],
  ["own stages among trunkline's", ying({ stages: ["docs", "compile", "upload"] })],
  [
    "a stage test of its own where it has no tests",
    ying({ stages: ["test", "compile", "upload"] }),
  ],
  ["stages around tests", ying({ tests, stages: ["compile", "test", "upload", "announce"] })],
  [
    "files of its own and of others",
    ying({ include: [{ local: "ci/*.yml" }, { project: "a/b", file: "x.yaml", ref: "v1" }] }),
  ],
  ["a team's own, with tags that no runner has", ying({ pipeline: "own", tags: ["theirs"] })],
  ["a team's own for no distribution", example({ packages: { ying: { pipeline: "own" } } })],
  [
    "a branch that nobody pushes to by one of two rules",
    ying({ protectedBranches: { main: {}, "m*": { push: "no one" } } }),
  ],
  [
    "a team's own that nobody pushes to",
    ying({ pipeline: "own", protectedBranches: { main: { push: "no one" } } }),
  ],
  ["inline, whatever all are pinned to", ying({ pipeline: "inline" }, { ci: { ref: "v1-a" } })],
])("%s is fine", (_case, configuration) => {
  expect(faultsOf(configuration)).toEqual([]);
});

describe("is refused with its path", () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    [
      "a default branch that nobody may push to, though the pipeline is committed there",
      ying({ protectedBranches: { main: { push: "no one" } } }),
      "trunkline:packages.ying.protectedBranches.main.push",
      'is "no one", and the stack commits the pipeline to main',
    ],
    [
      "a wildcard that lets nobody push to it",
      ying({ defaultBranch: "release/1", protectedBranches: { "release/*": { push: "no one" } } }),
      "trunkline:packages.ying.protectedBranches.release/*.push",
      'is "no one", and the stack commits the pipeline to release/1',
    ],
    [
      "a package at the template project's path",
      ying({ project: "CI" }),
      "trunkline:packages.ying.project",
      '"ci" is the project that the pipelines include',
    ],
    [
      "a pin that an inline pipeline does not use",
      ying({ ci: { ref: "v1-a" } }, { pipeline: "inline" }),
      "trunkline:packages.ying.ci.ref",
      '"v1-a" is not used',
    ],
    [
      "a package of the stack's for no distribution",
      example({ packages: { ying: {} } }),
      "trunkline:packages.ying.distributions",
      "is missing",
    ],
    [
      "stages in a pipeline that is the team's own",
      ying({ pipeline: "own", stages: ["docs"] }),
      "trunkline:packages.ying.stages",
      "is not used, since the pipeline is the team's own",
    ],
    [
      "stages without trunkline's",
      ying({ stages: ["docs"] }),
      "trunkline:packages.ying.stages",
      "has none of the stages compile, upload",
    ],
    [
      "stages in another order",
      ying({ tests, stages: ["test", "compile", "upload"] }),
      "trunkline:packages.ying.stages",
      "has test, compile, upload of the stages compile, test, upload",
    ],
    [
      "a stage twice",
      ying({ stages: ["compile", "compile", "upload"] }),
      "trunkline:packages.ying.stages",
      '"compile" is there twice',
    ],
    [
      "an include of nothing",
      ying({ include: [{ ref: "v1" }] }),
      "trunkline:packages.ying.include[0]",
      "names neither a file",
    ],
    [
      "an unknown key of the template project",
      ying({}, { ci: { porject: "x" } }),
      "trunkline:ci.porject",
      'is an unknown key, "porject"',
    ],
    [
      "an unknown key of an include",
      ying({ include: [{ lokal: "a.yml" }] }),
      "trunkline:packages.ying.include[0].lokal",
      'is an unknown key, "lokal"',
    ],
    [
      "an include of both",
      ying({ include: [{ local: "a.yml", project: "a/b", file: "b.yml" }] }),
      "trunkline:packages.ying.include[0]",
      "names neither a file",
    ],
    [
      "a file that GitLab does not include",
      ying({ include: [{ local: "/ci/docs.txt" }] }),
      "trunkline:packages.ying.include[0].local",
      '"/ci/docs.txt" is not a YAML file of a repository',
    ],
  ])("%s", (_case, configuration, path, message) => {
    expect(faultsOf(configuration)).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    ]);
  });
});
