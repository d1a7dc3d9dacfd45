import { describe, expect, it } from "vitest";
import { checkRelease, isAtLeast } from "./version.ts";

describe("aptly's version", () => {
  it.each([
    ["1.5.0+ds1-1+b4", "1.6.0", false],
    ["1.6.0", "1.6.0", true],
    ["1.6.2", "1.6.3", false],
    ["1.6.3", "1.6.3", true],
    ["1.6.10", "1.6.3", true],
    ["1.10.0", "1.6.3", true],
    ["2.0", "1.6.3", true],
    ["1.6", "1.6.0", true],
    ["1.6", "1.6.3", false],
  ] as const)("%s is at least %s: %s", (version, release, expected) => {
    expect(isAtLeast(version, release)).toBe(expected);
  });

  it("refuses what it lacks, naming both versions", () => {
    const needs = [
      { property: "multiDist", release: "1.6.0" },
      { property: "signedBy", release: "1.6.3" },
    ] as const;
    expect(checkRelease("1.6.2", needs)).toEqual([
      {
        property: "signedBy",
        reason: "signedBy needs aptly 1.6.3, the server runs 1.6.2. Leave it out or upgrade aptly.",
      },
    ]);
  });
});
