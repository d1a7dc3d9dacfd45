import { expect, test } from "vitest";
import { coversName } from "./push-access.ts";

test.each<[string, string, boolean]>([
  ["main", "main", true],
  ["main", "maintenance", false],
  ["main", "Main", false],
  ["*", "any/branch", true],
  ["release/*", "release/1.0", true],
  ["release/*", "release/", true],
  ["release/*", "my/release/1", false],
  ["*-stable", "1-0-stable", true],
  ["*-stable", "1-0-stable-ee", false],
  ["v*.*", "v1.2", true],
  ["v*.*", "v1", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["1.*", "1x2", false],
])("Does the protection of %j cover %j? %j", (pattern, name, covered) => {
  expect(coversName(pattern, name)).toBe(covered);
});
