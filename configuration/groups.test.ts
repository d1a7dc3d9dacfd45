import { describe, expect, test } from "vitest";
import { example, faultsOf, today } from "../test/support/configuration-example.ts";
import { readConfiguration } from "./configuration.ts";

const distributions = ["bookworm"];
const read = (changes: Readonly<Record<string, unknown>>) =>
  readConfiguration(example(changes), { today, stack: "dev" });
const package_ = (entry: object) => ({ packages: { ying: { distributions, ...entry } } });

describe("the stack's group", () => {
  test("is a path, or an object with it", () => {
    expect(read({ group: "platform/infra" })).toMatchObject({
      group: "platform/infra",
      groups: { "platform/infra": { path: "platform/infra", existing: false } },
    });
    expect(read({ group: { path: "infra", existing: true } })).toMatchObject({
      group: "infra",
      groups: { infra: { existing: true } },
    });
  });

  test("holds the packages and gets the runners that name no other", () => {
    const { packages, runners } = read({ groups: { tools: {} } });
    expect(packages.ying?.group).toBe("infra");
    expect(runners.infra?.group).toBe("infra");
  });
});

describe("the variables of a group", () => {
  test("are completed as a package's are", () => {
    const group = { path: "infra", variables: { REGION: "eu" } };
    const groups = {
      tools: {
        variables: { TOKEN: { value: "eight or more".replaceAll(" ", "-"), masked: true } },
      },
    };
    const { infra, tools } = read({ group, groups }).groups;
    expect(infra?.variables.REGION).toMatchObject([{ value: "eu", masked: false }]);
    expect(tools?.variables.TOKEN).toMatchObject([{ masked: true, environmentScope: "*" }]);
  });

  test("are checked as a package's are", () => {
    const short = { TOKEN: { value: "short", masked: true } };
    const group = { path: "infra", variables: short };
    expect(faultsOf(example({ group, groups: { tools: { variables: short } } }))).toMatchObject([
      { path: "trunkline:group.variables.TOKEN.value" },
      { path: "trunkline:groups.tools.variables.TOKEN.value" },
    ]);
  });
});

describe("further groups", () => {
  const groups = { tools: { existing: true } };

  test("hold the packages that name them, under paths that other groups have, too", () => {
    const packages = {
      ying: { distributions, tags: ["tools"], group: "tools" },
      yang: { distributions, tags: ["infra"], project: "ying" },
    };
    const runners = { infra: { tags: ["infra"] }, tools: { tags: ["tools"], group: "tools" } };
    expect(read({ groups, packages, runners }).packages.ying?.group).toBe("tools");
  });

  test("are served by their own runners and those of groups above", () => {
    const packages = { ying: { distributions, group: "infra/libs" } };
    expect(read({ groups: { "infra/libs": {} }, packages }).packages.ying?.architectures).toEqual([
      { name: "amd64", tags: ["infra"] },
    ]);
    const elsewhere = { groups, packages: { ying: { distributions, group: "tools" } } };
    expect(faultsOf(example(elsewhere))).toEqual([
      {
        path: "trunkline:packages.ying.tags",
        message: "has no runner to serve it",
        fix: "Declare one under trunkline:runners.",
      },
    ]);
  });

  test.each([
    [
      "a package in a group that nothing declares",
      { groups, ...package_({ group: "tool" }) },
      "trunkline:packages.ying.group",
      '"tool" is not in trunkline:groups',
      'Declare it there, or use one of "infra", "tools".',
    ],
    [
      "a runner of a group that nothing declares",
      { runners: { infra: { tags: ["infra"] }, tools: { tags: ["t"], group: "tools" } } },
      "trunkline:runners.tools.group",
      '"tools" is not in trunkline:groups',
      'Declare it there, or use one of "infra".',
    ],
    [
      "a group for a runner of the instance",
      { runners: { infra: { tags: ["infra"], scope: "instance", group: "infra" } } },
      "trunkline:runners.infra.group",
      'is "infra" but the scope is "instance"',
      "Remove it, or set scope: group.",
    ],
    [
      "the stack's group once more",
      { groups: { Infra: {} } },
      "trunkline:groups.Infra",
      "is the group of trunkline:group, too",
      "Remove one of them.",
    ],
    [
      "a package's project where a group is",
      { groups: { "infra/ying": {} }, ...package_({}) },
      "trunkline:packages.ying.project",
      '"infra/ying" is a group of this stack',
      "Take another path.",
    ],
    [
      "a group where the template project is",
      { groups: { "infra/ci": {} } },
      "trunkline:groups.infra/ci",
      '"infra/ci" is the project that the pipelines include (trunkline:ci.project)',
      "Take another path for one of them.",
    ],
    [
      "settings of a group that is somebody else's",
      { group: { path: "infra", existing: true, visibility: "internal" } },
      "trunkline:group.visibility",
      "is a setting of a group that is left as it is",
      "Remove it, or remove existing: true and import the group.",
    ],
  ])("%s is a fault", (_, changes, path, message, fix) => {
    const faults = faultsOf(example(changes));
    expect(faults).toEqual([expect.objectContaining({ path, message })]);
    expect(faults[0]?.fix).toBe(fix);
  });
});

test.each([
  [undefined, "trunkline:group", "is missing", "Set it to a text."],
  [7, "trunkline:group", "is 7", "Give a text or an object instead."],
  [{}, "trunkline:group.path", "is missing", "Set it to a text."],
  [{ path: "infra", exsting: true }, "trunkline:group.exsting", /unknown/, /"existing"/],
])(
  "a group of the wrong form, %j, is told as what it was meant to be",
  (group, path, message, fix) => {
    const faults = faultsOf(example({ group }));
    const matching = (wanted: string | RegExp) => expect.stringMatching(wanted);
    expect(faults).toEqual([{ path, message: matching(message), fix: matching(fix) }]);
  },
);
