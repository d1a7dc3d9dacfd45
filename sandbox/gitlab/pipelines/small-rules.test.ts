import { expect, test } from "vitest";
import { parseDuration } from "../lint/duration.ts";
import { matchesGlob } from "./glob.ts";
import { expand, expandAll, layer, toVariable } from "./variables.ts";

test.each([
  ["90", 90],
  ["1h 30m", 5400],
  ["1 week", 604_800],
  ["3 mins 4 sec", 184],
  ["2 hours and 1 minute", 7260],
  ["soon", undefined],
  ["3 fortnights", undefined],
])("%s is %s seconds", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  ["src/*.ts", "src/a.ts", true],
  ["src/*.ts", "src/deep/a.ts", false],
  ["src/**/*", "src/deep/a.ts", true],
  ["**/*.{c,h}", "lib/a.h", true],
  ["**/Dockerfile", "Dockerfile", true],
  ["a.ts", "abts", false],
])("The pattern %s against %s: %s", (pattern, path, expected) => {
  expect(matchesGlob(pattern, path)).toBe(expected);
});

const variables = [
  toVariable("A", "a-$B"),
  toVariable("B", "b"),
  toVariable("RAW", "$B", { raw: true }),
  toVariable("FILE", "secret", { file: true }),
  toVariable("LOOP", "$LOOP2"),
  toVariable("LOOP2", "$LOOP"),
];

test.each([
  ["$A", "a-b"],
  [`\${A}x`, "a-bx"],
  ["$RAW", "$B"],
  ["$FILE", "$FILE"],
  ["$UNKNOWN", "$UNKNOWN"],
  ["$$B", "$$B"],
])("%s expands to %s", (text, expected) => {
  expect(expand(text, variables)).toBe(expected);
});

test("Variables that lead back to themselves end", () => {
  const loop = expandAll(variables).find(({ key }) => key === "LOOP");
  expect(loop?.value).toBe("$LOOP");
});

test("Of two variables with one key the later one counts", () => {
  const layered = layer([toVariable("A", "low")], [toVariable("A", "high")]);
  expect(layered.map(({ value }) => value)).toEqual(["high"]);
});
