import { describe, expect, test } from "vitest";
import {
  archiveMirror,
  type Codename,
  checkDistribution,
  distributions,
  isKnownCodename,
} from "./distributions.ts";

const codenames = Object.keys(distributions) as Codename[];

describe.each(codenames)("%s", (codename) => {
  const { standardSupportUntil, endOfLife, archivedAfter, baseImage } = distributions[codename];

  test("is fine on the last day of its standard support and warned about the day after", () => {
    expect(checkDistribution(codename, new Date(standardSupportUntil))).toEqual([]);
    const [finding] = checkDistribution(codename, dayAfter(standardSupportUntil));
    expect(finding?.severity).toBe("warning");
  });

  test("is refused from the day after its end of life", () => {
    const [last] = checkDistribution(codename, new Date(endOfLife));
    expect(last?.severity).toBe("warning");
    const [finding] = checkDistribution(codename, dayAfter(endOfLife));
    expect(finding).toMatchObject({
      severity: "error",
      message: expect.stringContaining(endOfLife),
    });
  });

  test("installs from the vendor's archive once the mirrors may have dropped it", () => {
    expect(archiveMirror(codename, new Date(archivedAfter))).toBeUndefined();
    expect(archiveMirror(codename, dayAfter(archivedAfter))).toMatch(
      /archive\.debian|old-releases/,
    );
  });

  test("starts from its vendor's image", () => {
    expect(baseImage).toMatch(new RegExp(`^${distributions[codename].vendor}:`));
  });
});

test.each(codenames)(
  "the apt of %s takes armoured keys and HTTPS, unless it is xenial's",
  (name) => {
    const able = name !== "xenial";
    expect(distributions[name].apt).toEqual({ armouredKeys: able, https: able });
  },
);

test("a release that is not known by name is not judged", () => {
  expect(checkDistribution("hamm", new Date("2026-01-01"))).toEqual([]);
});

test("a name that every object has is no release", () => {
  expect(isKnownCodename("constructor")).toBe(false);
});

function dayAfter(date: string): Date {
  return new Date(Date.parse(date) + 24 * 60 * 60 * 1000);
}
