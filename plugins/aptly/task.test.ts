import { expect, it } from "vitest";
import { isForgotten, toTaskError } from "./task.ts";

const call = { method: "PUT", path: "/publish/trunk/bookworm" };

it("takes the fault out of a failed task's output", () => {
  const output =
    "Loading packages...\nTask failed with error: unable to publish: unable to sign file: exit status 2";
  expect(toTaskError(call, 500, output)).toMatchObject({
    code: "refused",
    status: 500,
    answer: "unable to publish: unable to sign file: exit status 2",
    message:
      "aptly: PUT /publish/trunk/bookworm answered 500: unable to publish: unable to sign file: exit status 2.",
  });
});

it("gives the whole output of a task that failed without that line", () => {
  expect(toTaskError(call, 500, "Loading packages...\npanic").answer).toBe(
    "Loading packages...\npanic",
  );
});

it("does not take another task of the same number for its own", () => {
  const task = { ID: 1, Name: "Publish local: infra", State: 1 } as const;
  expect(isForgotten(task, { ...task, State: 2 })).toBe(false);
  expect(isForgotten(task, { ...task, Name: "Delete repo infra" })).toBe(true);
});
