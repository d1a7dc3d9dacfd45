import { expect, test } from "vitest";
import { combineNeeds, combineStatuses, type JobStatus } from "./statuses.ts";

/** `failed?` is a failure that is allowed. */
function jobs(text: string) {
  return text
    .split(" ")
    .filter(Boolean)
    .map((word) => ({
      status: word.replace("?", "") as JobStatus,
      allow_failure: word.endsWith("?"),
    }));
}

test.each([
  ["", "success"],
  ["success success", "success"],
  ["success failed", "failed"],
  ["success failed?", "success"],
  ["success manual?", "success"],
  ["manual?", "skipped"],
  ["skipped success", "success"],
  ["success manual", "manual"],
  ["success scheduled", "scheduled"],
  ["scheduled created", "scheduled"],
  ["scheduled manual", "manual"],
  ["scheduled running", "running"],
  ["running failed", "running"],
  ["pending created", "pending"],
  ["success created", "running"],
  ["success canceled", "canceled"],
  ["canceled failed", "failed"],
  ["canceling running", "canceling"],
  ["waiting_for_resource success", "waiting_for_resource"],
])("Jobs that are [%s] make a pipeline %s", (text, expected) => {
  expect(combineStatuses(jobs(text))).toBe(expected);
});

test.each([
  ["success running", "pending"],
  ["success skipped", "skipped"],
  ["success manual?", "skipped"],
  ["success failed", "failed"],
  ["failed?", "success"],
  ["", "success"],
])("A job that needs [%s] finds %s", (text, expected) => {
  expect(combineNeeds(jobs(text))).toBe(expected);
});
