import { expect, test } from "vitest";
import { onTag } from "./workflow.ts";

test.each([
  ["v*", "$CI_COMMIT_TAG =~ /^v.+$/"],
  ["release/v*", "$CI_COMMIT_TAG =~ /^release\\/v.+$/"],
  ["1.0+*-final", "$CI_COMMIT_TAG =~ /^1\\.0\\+.+-final$/"],
])("tags %s are those that match as a whole", (pattern, condition) => {
  expect(onTag(pattern)).toEqual({ if: condition });
});
