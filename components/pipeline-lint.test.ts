import { RunError } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { endLint } from "./pipeline-lint.ts";

const invocation = "invocation of gitlab:index/lintPipelines:lintPipelines returned an error:";

function failure(message: string): unknown {
  try {
    return endLint("infra/ci", new Error(message));
  } catch (error) {
    return error;
  }
}

test.each([
  `${invocation} grpc: the client connection is closing`,
  `${invocation} resource monitor shut down while waiting on the call`,
  "Resource monitor is terminating",
])("the lint says nothing where the engine ends for another error: %s", (message) => {
  expect(failure(message)).toEqual({ unlinted: "" });
});

test("a failure of the lint is one sentence, without a trace before or after the program's end", () => {
  const told = "gitlab: POST /projects/7/ci/lint answered 500: the client connection is closing.";
  const error = failure(`${invocation} ${told}`);
  expect(error).toBeInstanceOf(RunError);
  // What the SDK prints after the program's end: the stack, or the message where there is none.
  expect((error as RunError).stack || (error as RunError).message).toBe(
    `The pipelines with infra/ci were not linted: ${told}`,
  );
});
