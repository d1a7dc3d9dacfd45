import { describe, expect, test } from "vitest";
import { example, faultsOf, today } from "../test/support/configuration-example.ts";
import { readConfiguration } from "./configuration.ts";

const apt = { prefix: "trunk", repository: "infra", architectures: ["amd64", "arm64"] };
const runners = {
  infra: { tags: ["infra"] },
  arm: { tags: ["infra-arm64"], architecture: "arm64" },
};

/** A stack that builds `ying` for both architectures, with other keys where given. */
function both({ ying = {}, ...changes }: Readonly<Record<string, unknown>> = {}) {
  const packages = { ying: { distributions: ["bookworm"], ...(ying as object) } };
  return example({ apt, runners, architectures: ["amd64", "arm64"], packages, ...changes });
}

const builtFor = (raw: Record<string, unknown>) =>
  readConfiguration(raw, { today, stack: "dev" }).packages.ying?.architectures;

describe("a package is built", () => {
  test("for the first published architecture, although another is published too", () => {
    expect(builtFor(both({ architectures: undefined }))).toEqual([
      { name: "amd64", tags: ["infra"] },
    ]);
  });

  test("for those of the stack, with the tags of each one's runner", () => {
    expect(builtFor(both())).toEqual([
      { name: "amd64", tags: ["infra"] },
      { name: "arm64", tags: ["infra-arm64"] },
    ]);
  });

  test("for its own, and tags of its own are those of the first", () => {
    const ying = { architectures: ["arm64", "amd64"], tags: ["infra-arm64"] };
    expect(builtFor(both({ ying }))).toEqual([
      { name: "arm64", tags: ["infra-arm64"] },
      { name: "amd64", tags: ["infra"] },
    ]);
  });

  test("with tags that it names for one architecture", () => {
    const more = { ...runners, big: { tags: ["arm-big"], architecture: "arm64" } };
    const ying = { onArchitecture: { arm64: { tags: ["arm-big"] } } };
    expect(builtFor(both({ ying, runners: more }))?.[1]).toEqual({
      name: "arm64",
      tags: ["arm-big"],
    });
  });
});

test("runners of a stack on one other architecture need not name it", () => {
  const raw = example({ apt: { ...apt, architectures: ["arm64"] } });
  expect(faultsOf(raw)).toEqual([]);
  expect(builtFor(raw)).toEqual([{ name: "arm64", tags: ["infra"] }]);
});

describe("what cannot be is refused by name", () => {
  const path = "trunkline:packages.ying";
  const { infra, arm } = runners;
  test.each([
    [
      "what nothing publishes",
      { ying: { architectures: ["amd64", "armhf"] } },
      `${path}.architectures[1]`,
      '"armhf" is not published',
      "Add it to trunkline:apt.architectures, or remove it.",
    ],
    [
      "the kernel's name of one",
      { architectures: ["amd64", "aarch64"], ying: { architectures: ["amd64"] } },
      "trunkline:architectures[1]",
      '"aarch64" is no architecture that a builder image can have',
      expect.stringContaining("arm64"),
    ],
    [
      "one twice",
      { ying: { architectures: ["arm64", "arm64"] } },
      `${path}.architectures[1]`,
      '"arm64" is there twice',
      "Remove one.",
    ],
    [
      "settings of one that it is not built for",
      { ying: { architectures: ["amd64"], onArchitecture: { arm64: {} } } },
      `${path}.onArchitecture.arm64`,
      '"arm64" is not among the package\'s architectures',
      "Remove it, or add it to architectures.",
    ],
    [
      "one that no runner serves",
      { runners: { infra } },
      `${path}.onArchitecture.arm64.tags`,
      'has no runner of "arm64" to serve it',
      "Declare one with architecture: arm64 under trunkline:runners, or give the package other architectures.",
    ],
    [
      "one that only a runner of another group serves",
      {
        runners: { infra, arm: { ...arm, scope: "group", group: "tools" } },
        groups: { tools: {} },
      },
      `${path}.onArchitecture.arm64.tags`,
      'has no runner of "arm64" to serve it',
      expect.any(String),
    ],
    [
      "one that several serve",
      { runners: { ...runners, big: { tags: ["big"], architecture: "arm64" } } },
      `${path}.onArchitecture.arm64.tags`,
      'is missing while there are several runners of "arm64"',
      'Say which of "infra-arm64", "big" its jobs carry.',
    ],
    [
      "tags of a runner of another one",
      { ying: { tags: ["infra-arm64"] } },
      `${path}.tags`,
      '"infra-arm64" is served by no single runner of "amd64"',
      expect.any(String),
    ],
    [
      "tags that runners of both have",
      { runners: { infra, arm: { tags: ["infra", "arm64"], architecture: "arm64" } } },
      `${path}.tags`,
      '"infra" is taken by a runner of "arm64" too',
      'Give the runner of "amd64" a tag that no runner of another architecture has, and name it here.',
    ],
    [
      "untagged jobs that runners of both take",
      { runners: { infra: { runUntagged: true }, arm: { ...arm, runUntagged: true } } },
      `${path}.tags`,
      'none is taken by a runner of "arm64" too',
      expect.any(String),
    ],
    [
      "one whose runner is paused",
      { runners: { infra, arm: { ...arm, paused: true } } },
      `${path}.onArchitecture.arm64.tags`,
      '"infra-arm64" is served by paused runners only',
      expect.any(String),
    ],
  ])("%s", (_case, changes, at, message, fix) => {
    expect(faultsOf(both(changes))).toEqual([{ path: at, message, fix }]);
  });
});

describe("a package that another one uses", () => {
  const usedBy = (ying: object, datahook: object) => {
    const distributions = ["bookworm"];
    const packages = {
      ying: { distributions, ...ying },
      datahook: { distributions, uses: ["ying"], ...datahook },
    };
    return faultsOf(example({ apt, runners, architectures: ["amd64", "arm64"], packages }));
  };

  test("is built for the other's architectures, or refused", () => {
    expect(usedBy({ architectures: ["amd64"] }, {})).toEqual([
      {
        path: "trunkline:packages.datahook.uses[0]",
        message: '"ying" is not built for "arm64"',
        fix: "Add it to trunkline:packages.ying.architectures, or take it from this package's.",
      },
    ]);
  });

  test.each([
    ["both are built for the same", {}, {}],
    ["it is for all of them", { architectures: ["amd64"], architecture: "all" }, {}],
    [
      "the other is compiled once, on the first",
      { architectures: ["amd64"] },
      { architecture: "all" },
    ],
  ])("is fine where %s", (_case, ying, datahook) => {
    expect(usedBy(ying, datahook)).toEqual([]);
  });
});

test("an architecture that cannot be read is one fault", () => {
  expect(faultsOf(both({ architectures: ["amd64", "ARM 64"] }))).toEqual([
    expect.objectContaining({ path: "trunkline:architectures[1]" }),
  ]);
});
