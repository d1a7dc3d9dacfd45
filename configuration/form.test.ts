import { describe, expect, test } from "vitest";
import { example, faultsOf } from "../test/support/configuration-example.ts";
import type { Fault } from "../validation/config-error.ts";
import { describeConfiguration } from "./documentation.ts";
import { checkShape, toConfigPath } from "./faults.ts";

const image = `gitlab/gitlab-runner@sha256:${"0".repeat(64)}`;
const everywhere = ["bookworm", "forky", "xenial"];

/** Without fault, and with something in every key that a check across keys looks at. */
function related(): Record<string, unknown> {
  return example({
    group: { path: "infra" },
    groups: { tools: { existing: true }, "infra/libs": { name: "Libraries" } },
    aptSources: { ros: { mirror: "archive" } },
    mirrors: {
      archive: {
        url: "http://archive.example.com/ros",
        suites: ["stable"],
        snapshots: ["2026-01"],
      },
    },
    distributions: {
      bookworm: { aptSources: { ros: { url: "http://ros.example.com" } } },
      forky: { vendor: "debian", version: "14", baseImage: "debian:forky" },
      xenial: { acceptEndOfLife: true },
    },
    runners: {
      infra: { tags: ["infra"] },
      untagged: { runUntagged: true, host: { docker: { image } } },
      own: { tags: ["own"], scope: "project", package: "libying++", paused: false },
    },
    packages: {
      "libying++": { distributions: everywhere, project: "libying", tags: ["own"], group: "tools" },
      datahook: {
        distributions: everywhere,
        tags: ["infra"],
        uses: ["libying++", "ros/roscpp"],
        images: { forky: "registry.example.com/forky:1" },
      },
      tools: {
        distributions: everywhere,
        tags: [],
        buildDepends: ["cmake"],
        tests: { script: ["ctest"], reports: ["junit.xml"], depends: ["libcheck-dev"] },
      },
    },
  });
}

const placeholders: Readonly<Record<string, readonly string[]>> = {
  "<codename>": ["bookworm", "forky", "xenial"],
  "<group>": ["tools", "infra/libs"],
  "<runner>": ["infra", "untagged", "own"],
  "<package>": ["libying++", "datahook", "tools"],
  "<key>": ["BUILD_TYPE"],
  "<source>": ["ros"],
  "<mirror>": ["archive"],
  "<architecture>": ["amd64"],
};

/** Each key of a configuration, at each of the entries that have it, and the entries themselves. */
const keys = describeConfiguration().flatMap(({ path }) => {
  const parts = path.slice("trunkline:".length).split(".");
  const entries = parts.flatMap((part, index) =>
    part in placeholders ? [parts.slice(0, index + 1)] : [],
  );
  return [...entries, parts].flatMap(atEachEntry);
});

function atEachEntry(parts: readonly string[]): string[][] {
  return parts.reduce<string[][]>(
    (paths, part) =>
      paths.flatMap((path) => (placeholders[part] ?? [part]).map((each) => [...path, each])),
    [[]],
  );
}

const values = [7, true, "Wrong Form", "infra", null, [], [7], {}];

/** Keys without a value of their own on the way get an object. */
function replaced(raw: Record<string, unknown>, at: readonly string[], value: unknown) {
  const [key = "", ...rest] = at;
  const there = raw[key] ?? {};
  raw[key] = rest.length === 0 ? value : replaced({ ...(there as object) }, rest, value);
  return raw;
}

/** Whether the value itself or its first item is refused, not only what should be in it. */
function isWrongAt(at: readonly string[], faults: readonly Fault[]): boolean {
  const key = toConfigPath(at);
  return faults.some(({ path }) => path === key || path === `${key}[0]`);
}

test("the configuration to break has no fault", () => {
  expect(faultsOf(related())).toEqual([]);
});

describe("a value of the wrong form gives that fault and no other", () => {
  test.each([...new Set(keys.map((at) => at.join(" ")))])("%s", (joined) => {
    const at = joined.split(" ");
    const wrong = values
      .map((value) => replaced(related(), at, value))
      .filter((raw) => isWrongAt(at, checkShape(raw)));
    expect(wrong.length).toBeGreaterThan(0);
    for (const raw of wrong) expect(faultsOf(raw)).toEqual(checkShape(raw));
  });
});

test("tags given as a text are one fault, however many packages ask for them", () => {
  const runners = { infra: { tags: "infra" }, other: { tags: ["other"] } };
  const entry = { distributions: ["bookworm"], tags: ["infra"] };
  expect(faultsOf(example({ runners, packages: { ying: entry, yang: entry } }))).toEqual([
    { path: "trunkline:runners.infra.tags", message: 'is "infra"', fix: "Give a list instead." },
  ]);
});
