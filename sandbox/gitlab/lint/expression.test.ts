import { expect, test } from "vitest";
import { checkExpression, ExpressionInvalid, holds } from "./expression.ts";

const values: Record<string, string> = {
  BRANCH: "release/1.2",
  MAIN: "main",
  EMPTY: "",
  PATTERN: "/^release\\//",
  BROKEN: "/(/",
};
const read = (name: string) => values[name];

test.each([
  ["$BRANCH", true],
  ["$EMPTY", false],
  ["$UNSET", false],
  ['$BRANCH == "release/1.2"', true],
  ["$MAIN == 'main'", true],
  ["$MAIN != $BRANCH", true],
  ["$UNSET == null", true],
  ["$EMPTY == null", false],
  ['$EMPTY == ""', true],
  ["$BRANCH =~ /^release/", true],
  ["$BRANCH =~ /^RELEASE/", false],
  ["$BRANCH =~ /^RELEASE/i", true],
  ["$BRANCH =~ $PATTERN", true],
  ["$BRANCH =~ $BROKEN", false],
  ["$BRANCH !~ /^feature/", true],
  ["$UNSET =~ /x/", false],
  ["$UNSET !~ /x/", true],
  ["$MAIN && $BRANCH", true],
  ["$UNSET && $MAIN || $BRANCH", true],
  ["$BRANCH || $UNSET && $UNSET", true],
  ["($BRANCH || $UNSET) && $UNSET", false],
  ['($MAIN == "main" && ($UNSET || $BRANCH))', true],
])("%s is %s", (text, expected) => {
  expect(holds(text, read)).toBe(expected);
});

test.each(["$A ==", "== $A", "($A", "$A $B", "$A & $B", "main", "$A =~ /(/", ""])(
  "%j is no condition",
  (text) => {
    expect(() => checkExpression(text)).toThrow(ExpressionInvalid);
  },
);
