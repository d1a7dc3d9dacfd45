import { expect, test } from "vitest";
import { dueGeneration, generationSuffix } from "./rotation.ts";

const rotation = { everyDays: 90, since: "2026-01-01" };

test.each([
  ["before the first day", "2025-06-01", 1],
  ["on the first day", "2026-01-01", 1],
  ["on the last day of the first period", "2026-03-31T23:59:59Z", 1],
  ["on the first day of the second", "2026-04-01", 2],
  ["a year later", "2027-01-01", 5],
])("the generation that is due %s", (_case, today, generation) => {
  expect(dueGeneration({ generation: 1, rotation }, new Date(today))).toBe(generation);
});

test("one that was raised by hand stays ahead of the periods", () => {
  expect(dueGeneration({ generation: 3, rotation }, new Date("2026-04-01"))).toBe(4);
});

test("without periods only a raise counts", () => {
  expect(dueGeneration({ generation: 2 }, new Date("2036-01-01"))).toBe(2);
});

test("the first generation has plain names", () => {
  expect([1, 2].map(generationSuffix)).toEqual(["", "-2"]);
});
