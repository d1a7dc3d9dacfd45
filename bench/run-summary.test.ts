import { expect, test } from "vitest";
import type { PipelineRun } from "./pipeline-run.ts";
import { describeRuns, medianSeconds } from "./run-summary.ts";

const run = (seconds: number, installed: readonly string[] = []): PipelineRun => ({
  seconds,
  apt: { runs: 2, installed, fetched: 9_240_000 },
});

test("one slow run does not move the median", () => {
  expect(medianSeconds([run(16), run(90), run(14)])).toBe(16);
});

test("several runs are told by their median and spread", () => {
  expect(describeRuns([run(16), run(17.14), run(13)])).toMatch(/^16\.0 s \(13\.0 to 17\.1\); /);
});

test("a few installed packages are named, many are counted", () => {
  const few = describeRuns([run(1, ["ying 1", "ying 2"])]);
  expect(few).toBe(
    "1.0 s; apt ran 2 times, fetched 9.2 MB and installed 2 packages: ying 1, ying 2",
  );
  const many = describeRuns([run(1, ["a 1", "b 1", "c 1", "d 1", "e 1"])]);
  expect(many).toBe("1.0 s; apt ran 2 times, fetched 9.2 MB and installed 5 packages");
});

test("no installed package is no list", () => {
  expect(describeRuns([run(1)])).toBe(
    "1.0 s; apt ran 2 times, fetched 9.2 MB and installed 0 packages",
  );
});
