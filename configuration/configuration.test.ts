import { describe, expect, test } from "vitest";
import { example, faultsOf, today } from "../test/support/configuration-example.ts";
import { readConfiguration, selectConfiguration } from "./configuration.ts";

describe("a valid configuration", () => {
  const configuration = readConfiguration(example(), { today, stack: "dev" });

  test("has its defaults filled", () => {
    expect(configuration.apt).toEqual({
      prefix: "trunk",
      repository: "infra",
      component: "main",
      architectures: ["amd64"],
      inImages: false,
      strictVersions: false,
    });
    expect(configuration.packages.ying).toMatchObject({
      installPrefix: "/usr",
      mergeRequests: {},
      defaultBranch: "main",
      buildDepends: [],
    });
  });

  test("knows vendor, version and base image of a release, unless told otherwise", () => {
    expect(configuration.distributions.trixie).toMatchObject({
      vendor: "debian",
      version: "13",
      baseImage: "debian:trixie",
    });
    expect(configuration.distributions.bookworm?.baseImage).toBe("127.0.0.1:5050/debian:bookworm");
  });

  test("gives a package the only runner's tags and a project of its own name", () => {
    expect(configuration.packages.ying).toMatchObject({
      architectures: [{ name: "amd64", tags: ["infra"] }],
      project: "ying",
    });
  });

  test("is as strict with versions of each package as the stack says, unless the package is", () => {
    const isStrict = (own?: object, all?: object) => {
      const packages = { ying: { distributions: ["bookworm"], ...own } };
      const raw = example({ packages, apt: { prefix: "trunk", repository: "infra", ...all } });
      return readConfiguration(raw, { today, stack: "dev" }).packages.ying?.strictVersions;
    };
    expect(isStrict()).toBe(false);
    expect(isStrict({}, { strictVersions: true })).toBe(true);
    expect(isStrict({ strictVersions: false }, { strictVersions: true })).toBe(false);
  });

  test("keeps as many versions of each package as the stack says, unless the package does", () => {
    const keptBy = (own?: object, all?: object) => {
      const packages = { ying: { distributions: ["bookworm"], ...own } };
      const raw = example({ packages, apt: { prefix: "trunk", repository: "infra", ...all } });
      return readConfiguration(raw, { today, stack: "dev" }).packages.ying?.keepVersions;
    };
    expect(keptBy()).toBeUndefined();
    expect(keptBy({}, { keepVersions: 5 })).toBe(5);
    expect(keptBy({ keepVersions: 9 }, { keepVersions: 5 })).toBe(9);
  });

  test("protects everywhere but in the stack dev, unless told otherwise", () => {
    const protectIn = (stack: string, protect?: boolean) =>
      readConfiguration(example(protect === undefined ? {} : { protect }), { today, stack })
        .protect;
    expect(protectIn("dev")).toBe(false);
    expect(protectIn("prod")).toBe(true);
    expect(protectIn("prod", false)).toBe(false);
    expect(protectIn("dev", true)).toBe(true);
  });

  test("warns of a release past its standard support", () => {
    expect(configuration.warnings).toEqual([expect.stringContaining('"bookworm"')]);
  });

  test("may build for an old release only when it says so, and is warned", () => {
    expect(faultsOf(example({ distributions: { xenial: {} } }))).toContainEqual(
      expect.objectContaining({ path: "trunkline:distributions.xenial" }),
    );
    const distributions = { xenial: { acceptEndOfLife: true } };
    const { warnings } = readConfiguration(example({ distributions, packages: {} }), {
      today,
      stack: "dev",
    });
    expect(warnings).toEqual([expect.stringContaining('"xenial"')]);
  });

  test("installs an archived release from its archive, unless it names a mirror", () => {
    const mirrorOf = (entry: object, day: string) => {
      const distributions = { bionic: { acceptEndOfLife: true, ...entry } };
      const raw = example({ distributions, packages: {} });
      const read = readConfiguration(raw, { today: new Date(day), stack: "dev" });
      return read.distributions.bionic?.mirror;
    };
    expect(mirrorOf({}, "2026-01-01")).toBeUndefined();
    expect(mirrorOf({}, "2031-01-01")).toContain("old-releases");
    const mirror = "https://mirror.example.com/ubuntu";
    expect(mirrorOf({ mirror }, "2031-01-01")).toBe(mirror);
  });

  test("may name a release that is not in the table when it describes it", () => {
    const distributions = {
      forky: { vendor: "debian", version: "14", baseImage: "debian:forky" },
    };
    const read = readConfiguration(example({ distributions, packages: {} }), {
      today,
      stack: "dev",
    });
    expect(read.distributions.forky?.version).toBe("14");
    expect(faultsOf(example({ distributions: { forky: {} }, packages: {} }))).toEqual([
      expect.objectContaining({ path: "trunkline:distributions.forky" }),
    ]);
  });
});

describe("a fault of form is reported", () => {
  const ying = (entry: object) => example({ packages: { ying: entry } });
  const distributions = ["bookworm"];

  test.each([
    ["a missing key", example({ group: undefined }), "trunkline:group", /is missing/],
    ["a wrong type", example({ registry: 5 }), "trunkline:registry", /is 5$/],
    ["a reserved group", example({ group: "api" }), "trunkline:group", /"api"/],
    ["a wrong choice", example({ images: "built" }), "trunkline:images", /"built"/],
    [
      "a wrong name",
      example({ packages: { Qt: { distributions } } }),
      "trunkline:packages.Qt",
      /"Qt"/,
    ],
    [
      "an empty list",
      ying({ distributions: [] }),
      "trunkline:packages.ying.distributions",
      /empty/,
    ],
    [
      "a wrong item",
      ying({ distributions, buildDepends: ["cmake", "Qt 5"] }),
      "trunkline:packages.ying.buildDepends[1]",
      /"Qt 5"/,
    ],
    [
      "upgrades from what is automatic",
      example({ apt: { prefix: "trunk", repository: "infra", butAutomaticUpgrades: true } }),
      "trunkline:apt.butAutomaticUpgrades",
      /without notAutomatic/,
    ],
    [
      "a wrong schedule",
      ying({ distributions, schedule: { cron: "daily" } }),
      "trunkline:packages.ying.schedule.cron",
      /"daily"/,
    ],
    [
      "a number too small",
      example({ runners: { a: { tags: ["infra"], concurrency: 0 } } }),
      "trunkline:runners.a.concurrency",
      /is 0$/,
    ],
    [
      "no version to keep",
      ying({ distributions, keepVersions: 0 }),
      "trunkline:packages.ying.keepVersions",
      /is 0$/,
    ],
    [
      "tests that report nothing",
      ying({ distributions, tests: { script: ["ctest"] } }),
      "trunkline:packages.ying.tests.reports",
      /is missing/,
    ],
    [
      "a report outside of the source",
      ying({ distributions, tests: { script: ["ctest"], reports: ["a.xml", "/tmp/b.xml"] } }),
      "trunkline:packages.ying.tests.reports[1]",
      /"\/tmp\/b\.xml"/,
    ],
  ])("%s", (_case, raw, path, message) => {
    expect(faultsOf(raw)).toEqual([
      { path, message: expect.stringMatching(message), fix: expect.stringMatching(/^[A-Z].*\.$/) },
    ]);
  });

  test("an unknown key, with the known one that is like it", () => {
    expect(faultsOf(ying({ distributions, buildDepend: [] }))).toEqual([
      {
        path: "trunkline:packages.ying.buildDepend",
        message: 'is an unknown key, "buildDepend"',
        fix: 'Did you mean "buildDepends"?',
      },
    ]);
  });

  test("an unknown key that is like none, with all known ones", () => {
    const [fault] = faultsOf(example({ colour: "red" }));
    expect(fault?.fix).toMatch(/known here: group, groups, registry, /);
  });

  test("without repeating the value of an unknown key, which may be a secret", () => {
    expect(JSON.stringify(faultsOf(example({ token: "hunter2" })))).not.toContain("hunter2");
  });
});

test("every fault is reported at once, each on its line, with nothing made up", () => {
  const raw = example({
    group: "api",
    registry: "https://registry.example.com",
    runners: { infra: { tags: [] } },
    packages: {
      ying: { distributions: ["bokworm"], visibility: "secret" },
      datahook: { distributions: ["bookworm"], uses: ["yang"], schedule: { cron: "x" } },
    },
  });
  const read = () => readConfiguration(raw, { today, stack: "dev" });
  expect(
    faultsOf(raw)
      .map(({ path }) => path)
      .sort(),
  ).toEqual([
    "trunkline:group",
    "trunkline:packages.datahook.schedule.cron",
    "trunkline:packages.datahook.uses[0]",
    "trunkline:packages.ying.distributions[0]",
    "trunkline:packages.ying.visibility",
    "trunkline:registry",
    "trunkline:runners.infra.tags",
  ]);
  expect(read).toThrow(/^Stack "dev": 7 faults\.(\n {2}- trunkline:.*){7}$/);
});

test("an empty configuration says what is missing", () => {
  expect(faultsOf({}).map(({ path }) => path)).toEqual([
    "trunkline:group",
    "trunkline:distributions",
    "trunkline:apt",
  ]);
});

test("a registry is asked for where an image is built, and only there", () => {
  const without = (changes: Record<string, unknown>) => {
    const { registry: _, ...raw } = example(changes);
    return faultsOf(raw).map(({ path }) => path);
  };
  expect(without({})).toEqual(["trunkline:registry"]);
  expect(without({ images: "existing" })).toEqual([]);
  const images = { bookworm: "registry.example.com/mine:1" };
  const ying = { distributions: ["bookworm"] };
  expect(without({ packages: { ying: { ...ying, images } } })).toEqual([]);
  expect(without({ packages: { ying: { ...ying, pipeline: "own" } } })).toEqual([]);
});

test("a stack's texts become values only where they are lists, objects or booleans", () => {
  const all = {
    "trunkline:group": "123",
    "trunkline:protect": "false",
    "trunkline:packages": '{"ying":{"distributions":["bookworm"]}}',
    "trunkline:runners": "{broken",
    "gitlab:token": "hunter2",
  };
  expect(selectConfiguration(all)).toEqual({
    group: "123",
    protect: false,
    packages: { ying: { distributions: ["bookworm"] } },
    runners: "{broken",
  });
});
