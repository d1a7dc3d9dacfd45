import { expect, it } from "vitest";
import { describeSwitch } from "./publication-review.ts";

it("lists each package that comes, goes or changes", () => {
  const differences = [
    { Left: "Pamd64 ying 1.0 9f3c", Right: "Pamd64 ying 1.10 77aa" },
    { Left: null, Right: "Pall hook 2.0 1234" },
    { Left: "Pall zoo 1 aaaa", Right: "Pall zoo 1 bbbb" },
    { Left: "xDPamd64 old 0.1 abcd", Right: null },
  ];
  expect(describeSwitch("mirrors/x", differences)).toBe(`mirrors/x: 1 added, 1 removed, 2 changed.
  + hook (all) 2.0
  - old (amd64) 0.1
  ~ ying (amd64) 1.0 -> 1.10
  ~ zoo (all) 1, with other content`);
  expect(describeSwitch("mirrors/x", [])).toBe("mirrors/x: the same packages.");
});

it("tells two versions of a name apart, however aptly pairs them", () => {
  const first = { Left: "Pall zoo 1 aaaa", Right: "Pall zoo 2 bbbb" };
  const differences = [first, { Left: null, Right: "Pall zoo 1 cccc" }];
  expect(describeSwitch("x", differences)).toBe(`x: 1 added, 0 removed, 1 changed.
  + zoo (all) 2
  ~ zoo (all) 1, with other content`);
});

it("says how many it leaves out", () => {
  const many = Array.from({ length: 250 }, (_, index) => ({
    Left: null,
    Right: `Pall p${index} 1 a`,
  }));
  expect(describeSwitch("mirrors/x", many)).toMatch(/^mirrors\/x: 250 added.*and 50 more$/s);
});
