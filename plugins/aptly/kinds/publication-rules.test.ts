import { describe, expect, it } from "vitest";
import { ApiError } from "../../kit/api-error.ts";
import type { PublicationInputs } from "./publication-row.ts";
import { checkPublication, explainPublish, needsOf, publishingAnew } from "./publication-rules.ts";

const main = { name: "infra", component: "main" };

describe("what a publication asks of the server", () => {
  it.each([
    [{ multiDist: true }, ["multiDist 1.6.0"]],
    [{ multiDist: false }, []],
    [{ signedBy: "F" }, ["signedBy 1.6.3"]],
    [{ version: "1" }, ["version 1.6.3"]],
    [{ signing: { gpgKey: "A,B" } }, ["signing 1.6.3"]],
    [{ signing: { gpgKey: "A" } }, []],
    [{ distribution: "bookworm/updates" }, ["distribution 1.6.0"]],
    [{ distribution: "bookworm" }, []],
  ])("of %j is %j", (inputs, expected) => {
    expect(needsOf(inputs).map(({ property, release }) => `${property} ${release}`)).toEqual(
      expected,
    );
  });
});

describe("what a publication refuses", () => {
  it.each([
    ["a slash beside an underscore in the prefix", { prefix: "a/_b" }, ["prefix"]],
    ["the same in the distribution", { distribution: "a_/b" }, ["distribution"]],
    ["two sources of one component", { sources: [main, { ...main, name: "b" }] }, ["sources"]],
    ["upgrades alone", { butAutomaticUpgrades: true }, ["butAutomaticUpgrades"]],
    ["a key beside skip", { signing: { skip: true, gpgKey: "A" } }, ["signing"]],
    ["nothing that is right", { prefix: "a_b/c", sources: [main], signing: { skip: true } }, []],
  ])("is %s", (_, inputs, expected) => {
    expect(checkPublication(inputs).map(({ property }) => property)).toEqual(expected);
  });
});

describe("what is published anew", () => {
  const there = { sources: [main], architectures: ["amd64"], label: "", multiDist: false };

  it.each([
    ["1.5.0", ["architectures", "label", "multiDist"]],
    ["1.6.2", ["architectures", "label", "multiDist"]],
    ["1.6.3", ["architectures"]],
  ])("on aptly %s: %j", (version, expected) => {
    const architectures = ["arm64", "amd64"];
    const wanted = { architectures, label: "Trunk", multiDist: true, acquireByHash: true };
    expect(publishingAnew(wanted, there, version)).toEqual(expected);
  });

  it("is nothing where architectures are named in another order", () => {
    const both = { ...there, architectures: ["amd64", "arm64"] };
    expect(publishingAnew({ architectures: ["arm64", "amd64"] }, both, "1.5.0")).toEqual([]);
  });

  it.each([
    ["another snapshot", "snapshot", [{ ...main, name: "b" }], "1.5.0", []],
    ["another component", "snapshot", [{ ...main, component: "b" }], "1.5.0", ["sources"]],
    ["another repository", "local", [{ ...main, name: "b" }], "1.5.0", ["sources"]],
    ["another repository", "local", [{ ...main, name: "b" }], "1.6.0", []],
    ["sources that a preview does not know", "local", undefined, "1.5.0", []],
  ] as const)(
    "%s of kind %s: %j on aptly %s gives %j",
    (_, sourceKind, sources, version, expected) => {
      const wanted = sources ? { sourceKind, sources: [...sources] } : { sourceKind };
      expect(publishingAnew(wanted, { ...there, sourceKind }, version)).toEqual(expected);
    },
  );
});

describe("what to do about a publish that failed", () => {
  const inputs = { sources: [main], signing: { gpgKey: "F00D" } } as unknown as PublicationInputs;
  const fault = (answer: string) =>
    new ApiError({ service: "aptly", method: "POST", path: "/publish/trunk", status: 500, answer });

  it.each([
    ["unable to publish: unable to detached sign file: exit status 2", 'the key "F00D"'],
    [
      "unable to figure out list of architectures, please supply explicit list",
      "set architectures",
    ],
    ["error putting file to pool: file already exists and is different", "multiDist"],
    ["unable to publish: local repo with name infra not found", "the sources infra exist"],
  ])("%s: %s", (answer, advice) => {
    const explained = explainPublish(fault(answer), inputs);
    expect(explained).toMatchObject({ code: "refused", status: 500, answer });
    expect(String(explained)).toContain(advice);
  });

  it("adds nothing to other faults", () => {
    const other = fault("no space left on device");
    expect(explainPublish(other, inputs)).toBe(other);
  });
});
