import { expect, test } from "vitest";
import { checkDates } from "./dates.ts";

test("a text that YAML took for a date is told by its path, wherever it stands", () => {
  const read = "2024-01-01 00:00:00 +0000 UTC";
  const raw = { variables: { DAY: read }, runners: { infra: { tags: ["a", read] } }, group: "a" };
  expect(checkDates(raw)).toEqual([
    {
      path: "trunkline:variables.DAY",
      message: `is "${read}", a date to YAML`,
      fix: 'Write it between quotes: "2024-01-01".',
    },
    expect.objectContaining({ path: "trunkline:runners.infra.tags[1]" }),
  ]);
});

test.each(["2024-01-01", "12:30", "on 2024-01-01 00:00:00 +0000 UTC", 3, null])(
  "%s is none",
  (value) => {
    expect(checkDates({ variables: { DAY: value } })).toEqual([]);
  },
);
