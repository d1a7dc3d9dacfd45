import { describe, expect, test } from "vitest";
import { example, faultsOf } from "../test/support/configuration-example.ts";

const both = ["bookworm", "trixie"];
const packages = (entries: object) => example({ packages: entries });

test("the example has no fault", () => {
  expect(faultsOf(example())).toEqual([]);
});

test("a project that more people would see than its group is refused", () => {
  const visible = (visibility: string) =>
    faultsOf(packages({ ying: { distributions: both, visibility } }));
  expect(visible("private")).toEqual([]);
  expect(visible("internal")).toEqual([
    {
      path: "trunkline:packages.ying.visibility",
      message: '"internal" is more than GitLab allows in the package\'s group, which is private',
      fix: 'Set it to private, or the group\'s visibility to "internal".',
    },
  ]);
  expect(visible("secret")).toHaveLength(1);
  const within = (group: object) =>
    faultsOf({ ...packages({ ying: { distributions: both, visibility: "internal" } }), group });
  expect(within({ path: "infra", visibility: "internal" })).toEqual([]);
  expect(within({ path: "infra", existing: true })).toEqual([]);
  expect(within({ path: "infra" })).toHaveLength(1);
});

describe("a name that something else must declare", () => {
  test.each([
    [
      "a distribution that the stack does not have",
      packages({ ying: { distributions: ["noble"] } }),
      "trunkline:packages.ying.distributions[0]",
      '"noble" is not in trunkline:distributions',
    ],
    [
      "a distribution given twice",
      packages({ ying: { distributions: ["bookworm", "bookworm"] } }),
      "trunkline:packages.ying.distributions[1]",
      '"bookworm" is there twice',
    ],
    [
      "a used package that the stack does not have",
      packages({ ying: { distributions: both, uses: ["yang"] } }),
      "trunkline:packages.ying.uses[0]",
      '"yang" is not a package of this stack',
    ],
    [
      "a used package that is not built for every distribution",
      packages({
        ying: { distributions: ["bookworm"] },
        datahook: { distributions: both, uses: ["ying"] },
      }),
      "trunkline:packages.datahook.uses[0]",
      '"ying" is not built for "trixie"',
    ],
    [
      "a package that uses itself",
      packages({ ying: { distributions: both, uses: ["ying"] } }),
      "trunkline:packages.ying.uses[0]",
      '"ying" is the package itself',
    ],
    [
      "a package of the stack among the vendor's",
      packages({
        ying: { distributions: both },
        datahook: { distributions: both, buildDepends: ["cmake", "ying"] },
      }),
      "trunkline:packages.datahook.buildDepends[1]",
      '"ying" is a package of this stack',
    ],
    [
      "a package of the stack among what its tests need from the vendor",
      packages({
        ying: { distributions: both },
        datahook: {
          distributions: both,
          tests: { script: ["ctest"], reports: ["a.xml"], depends: ["cmake", "ying"] },
        },
      }),
      "trunkline:packages.datahook.tests.depends[1]",
      '"ying" is a package of this stack',
    ],
    [
      "an image for a distribution that the package is not built for",
      packages({ ying: { distributions: ["bookworm"], images: { trixie: "a:1" } } }),
      "trunkline:packages.ying.images.trixie",
      '"trixie" is not among the package\'s distributions',
    ],
    [
      "a prefix for a package with packaging in debian/",
      packages({ ying: { distributions: both, buildSystem: "debian", installPrefix: "/usr" } }),
      "trunkline:packages.ying.installPrefix",
      'is read by CMake alone, and buildSystem is "debian"',
    ],
    [
      "arguments for CMake for a package with packaging in debian/",
      packages({ ying: { distributions: both, buildSystem: "debian", cmakeArguments: ["-DA=1"] } }),
      "trunkline:packages.ying.cmakeArguments",
      'is read by CMake alone, and buildSystem is "debian"',
    ],
    [
      "a variable for CMake for a package with packaging in debian/",
      packages({
        ying: { distributions: both, buildSystem: "debian", cmakeVariables: { A: "CI_JOB_ID" } },
      }),
      "trunkline:packages.ying.cmakeVariables",
      'is read by CMake alone, and buildSystem is "debian"',
    ],
    [
      "a project that another package has",
      packages({ ying: { distributions: both }, yang: { distributions: both, project: "Ying" } }),
      "trunkline:packages.yang.project",
      '"ying" is already the project of "ying"',
    ],
    [
      "a project that has the name of another package, whose project has another",
      packages({
        ying: { distributions: both, project: "yang" },
        yang: { distributions: both, project: "yong" },
      }),
      "trunkline:packages.ying.project",
      '"yang" is the name of another package, which has a project of another name',
    ],
    [
      "a package whose name is no path for a project",
      packages({ "libying++": { distributions: both } }),
      "trunkline:packages.libying++.project",
      'is missing and "libying++" is not a path that GitLab takes for a project',
    ],
  ])("%s", (_case, raw, path, message) => {
    expect(faultsOf(raw)).toEqual([{ path, message, fix: expect.stringMatching(/^[A-Z].*\.$/) }]);
  });
});

describe("packages that use each other in a circle", () => {
  test("are one fault that shows the circle", () => {
    const raw = packages({
      ying: { distributions: both, uses: ["yang"] },
      yang: { distributions: both, uses: ["qi"] },
      qi: { distributions: both, uses: ["ying"] },
      datahook: { distributions: both, uses: ["ying"] },
    });
    expect(faultsOf(raw)).toEqual([
      expect.objectContaining({
        path: "trunkline:packages.ying.uses",
        message: 'leads back to itself: "ying" uses "yang" uses "qi" uses "ying"',
      }),
    ]);
  });

  test("are not confused with two that use the same one", () => {
    const raw = packages({
      ying: { distributions: both },
      a1: { distributions: both, uses: ["ying"] },
      a2: { distributions: both, uses: ["ying", "a1"] },
    });
    expect(faultsOf(raw)).toEqual([]);
  });
});

describe("jobs that no runner would take", () => {
  const tagsFault = (runners: object, entry: object) =>
    faultsOf(example({ runners, packages: { ying: { distributions: both, ...entry } } }));
  const two = { a: { tags: ["infra", "big"] }, b: { tags: ["arm64"] } };

  test.each([
    ["no runner at all", {}, {}, "has no runner to serve it"],
    [
      "tags of no runner",
      { a: { tags: ["infra"] } },
      { tags: ["gpu"] },
      '"gpu" is served by no single runner',
    ],
    [
      "tags of two runners",
      two,
      { tags: ["infra", "arm64"] },
      '"infra", "arm64" is served by no single runner',
    ],
    ["no tags and two runners", two, {}, "is missing while there are several runners"],
    ["untagged jobs and runners with tags", two, { tags: [] }, "is empty"],
  ])("%s", (_case, runners, entry, message) => {
    expect(tagsFault(runners, entry)).toEqual([
      expect.objectContaining({ path: "trunkline:packages.ying.tags", message }),
    ]);
  });

  test.each([
    ["some of one runner's tags", two, { tags: ["big"] }],
    ["no tags, with a runner for untagged jobs", { a: { runUntagged: true } }, {}],
  ])("%s are fine", (_case, runners, entry) => {
    expect(tagsFault(runners, entry)).toEqual([]);
  });

  const infra = { tags: ["infra"] };
  test.each([
    [
      "a paused runner",
      { a: { ...infra, paused: true } },
      '"infra" is served by paused runners only',
    ],
    [
      "a runner for protected branches",
      { a: { ...infra, protected: true } },
      '"infra" is served on protected branches only',
    ],
    [
      "a paused one beside one for protected branches",
      { a: { ...infra, paused: true }, b: { ...infra, protected: true } },
      '"infra" is served on protected branches only',
    ],
  ])("%s", (_case, runners, message) => {
    expect(tagsFault(runners, { tags: ["infra"] })).toEqual([
      expect.objectContaining({ path: "trunkline:packages.ying.tags", message }),
    ]);
  });

  test("a runner of another package's project", () => {
    const runners = { a: { ...infra, scope: "project", package: "ying" } };
    const entries = { ying: { distributions: both }, yang: { distributions: both } };
    expect(faultsOf(example({ runners, packages: entries }))).toEqual([
      expect.objectContaining({
        path: "trunkline:packages.yang.tags",
        message: "has no runner to serve it",
      }),
    ]);
  });

  test.each([
    [
      "a ready runner beside a paused and a protected one",
      { a: { ...infra, paused: true }, b: { ...infra, protected: true }, c: infra },
    ],
    ["the project's own runner", { a: { ...infra, scope: "project", package: "ying" } }],
    ["a runner of the instance", { a: { ...infra, scope: "instance" } }],
  ])("%s is fine", (_case, runners) => {
    expect(tagsFault(runners, { tags: ["infra"] })).toEqual([]);
  });

  test("a runner with neither tags nor leave to run untagged jobs is the runner's fault alone", () => {
    expect(tagsFault({ a: {} }, {})).toEqual([
      expect.objectContaining({ path: "trunkline:runners.a.tags", message: "is empty" }),
    ]);
  });
});

describe("a runner's own mistakes", () => {
  test.each([
    ["a project without package", { scope: "project" }, "package"],
    ["a package that is not there", { scope: "project", package: "yang" }, "package"],
    ["a package for the whole group", { package: "ying" }, "package"],
    ["a combination that is not safe", { docker: { privileged: true } }, "docker.privileged"],
    [
      "a setting that GitLab does not know",
      { advanced: { global: { a: 1 } } },
      "advanced.global.a",
    ],
    [
      "a day that is not there",
      { rotation: { everyDays: 9, since: "2026-02-30" } },
      "rotation.since",
    ],
  ])("%s has the whole path", (_case, changes, path) => {
    const runners = { other: { tags: ["infra"] }, a: { tags: ["infra"], ...changes } };
    const entry = { distributions: both, tags: ["infra"] };
    expect(faultsOf(example({ runners, packages: { ying: entry } }))).toEqual([
      expect.objectContaining({ path: `trunkline:runners.a.${path}` }),
    ]);
  });
});

test("a fault of form hides no fault between keys", () => {
  const raw = packages({ ying: 3, datahook: { distributions: [7, "noble"], uses: ["yang"] } });
  const paths = faultsOf(raw).map(({ path }) => path);
  expect(paths).toEqual([
    "trunkline:packages.ying",
    "trunkline:packages.datahook.distributions[0]",
    "trunkline:packages.datahook.distributions[1]",
    "trunkline:packages.datahook.uses[0]",
  ]);
});
