import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Ends a test run with the skipped tests, their reasons and one line of counts. A lint that failed
 * before the tests (TRUNKLINE_LINT in the environment) counts as one failure.
 */
export default class TestSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const failed = tests.filter((test) => test.result().state === "failed");
    const passed = tests.filter((test) => test.result().state === "passed");
    // A file that cannot be loaded has no tests, so it counts as one.
    const broken = modules.filter((module) => module.errors().length > 0);
    const lint = process.env.TRUNKLINE_LINT === "failed" ? 1 : 0;
    const failures = failed.length + broken.length + unhandled.length + lint;
    for (const test of skipped) process.stdout.write(`skipped: ${describeSkipped(test)}\n`);
    if (lint > 0) process.stdout.write("failed: the lint, as it says before the tests\n");
    process.stdout.write(
      `${passed.length} passed, ${failures} failed, ${skipped.length} skipped\n`,
    );
  }
}

function describeSkipped(test: TestCase): string {
  const result = test.result();
  const reason = result.state === "skipped" ? result.note : undefined;
  return `${test.module.relativeModuleId} > ${test.fullName}: ${reason ?? "no reason given"}`;
}
