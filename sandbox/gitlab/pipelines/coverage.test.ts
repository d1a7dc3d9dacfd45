import { expect, test } from "vitest";
import { extractCoverage } from "./coverage.ts";

test.each([
  ["/^TOTAL.*\\d+%$/", "a 1%\nTOTAL 12 34%\nend", 12],
  ["/TOTAL.*?(\\d+)%/", "TOTAL 12 34%", 34],
  ["/lines: (\\d+\\.\\d+)%/", "lines: 10.5%\nlines: 20.25%\n", 20.25],
  ["/(\\d+)% of (\\d+)%/", "5% of 60%", 60],
  ["/\\d+%/", "1% 2% 3%", 3],
  ["/coverage/", "coverage 7%", null],
  ["/total: \\d+/", "nothing", null],
  ["/TOTAL/i", "total", null],
  ["/TOTAL \\d+/i", "total 9", 9],
])("The pattern %s in %j finds %s", (pattern, trace, expected) => {
  expect(extractCoverage(trace, pattern)).toBe(expected);
});
