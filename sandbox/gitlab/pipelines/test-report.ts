import { readFile } from "node:fs/promises";
import type { Context } from "../context.ts";
import { artifactPath } from "./artifacts.ts";
import { artifactOf } from "./dependencies.ts";
import { GzipInvalid, readGzipMembers } from "./gzip-members.ts";
import { JunitInvalid, readJunit, type TestCase, type TestStatus, testStatuses } from "./junit.ts";
import type { Job } from "./rows.ts";

/** The tests of a job, or of the jobs that `parallel` made of one. */
export interface TestSuite {
  name: string;
  /** Each once, failures first; none where its reports cannot be read. */
  cases: TestCase[];
  /** Why its reports cannot be read. */
  error: string | null;
}

/** Reads the JUnit reports of jobs. https://docs.gitlab.com/ci/testing/unit_test_reports/ */
export async function readTestSuites(context: Context, jobs: readonly Job[]): Promise<TestSuite[]> {
  const suites = new Map<string, TestSuite>();
  for (const job of jobs) {
    const artifact = artifactOf(context, job, "junit");
    if (artifact === undefined) continue;
    const name = toSuiteName(job.spec.name);
    const suite = suites.get(name) ?? { name, cases: [], error: null };
    suites.set(name, suite);
    const packed = await readFile(artifactPath(context.directory, job, artifact));
    addReport(suite, packed);
  }
  return [...suites.values()].map((suite) => ({ ...suite, cases: usedCases(suite) }));
}

/** `unit 1/3` is a part of the suite `unit`. */
function toSuiteName(job: string): string {
  return job.replace(/[\s:]+\d+[\s:/\\]+\d+\s*$/, "");
}

function addReport(suite: TestSuite, packed: Buffer): void {
  try {
    for (const file of readGzipMembers(packed))
      suite.cases.push(...readJunit(file.toString("utf8")));
  } catch (error) {
    if (error instanceof JunitInvalid) suite.error ??= error.message;
    else if (error instanceof GzipInvalid)
      suite.error ??= `JUnit data parsing failed: ${error.message}`;
    else throw error;
  }
}

/** Of tests with one suite, class and name the first counts. */
function usedCases({ cases, error }: TestSuite): TestCase[] {
  if (error !== null) return [];
  const key = ({ suite, classname, name }: TestCase) => JSON.stringify([suite, classname, name]);
  const first = new Map<string, TestCase>();
  for (const test of cases) if (!first.has(key(test))) first.set(key(test), test);
  const place = ({ status }: TestCase) => testStatuses.indexOf(status);
  return [...first.values()].sort(
    (left, right) => place(left) - place(right) || right.execution_time - left.execution_time,
  );
}

function toCounts(cases: readonly TestCase[]) {
  const count = (status: TestStatus) => cases.filter((test) => test.status === status).length;
  return {
    total_time: cases.reduce((time, test) => time + test.execution_time, 0),
    total_count: cases.length,
    success_count: count("success"),
    failed_count: count("failed"),
    skipped_count: count("skipped"),
    error_count: count("error"),
  };
}

/** https://docs.gitlab.com/api/pipelines/#get-a-test-report-for-a-pipeline */
export function toTestReport(suites: readonly TestSuite[]) {
  return {
    ...toCounts(suites.flatMap(({ cases }) => cases)),
    test_suites: suites.map((suite) => ({
      name: suite.name,
      ...toCounts(suite.cases),
      suite_error: suite.error,
      test_cases: suite.cases.map(({ suite: _, ...test }) => ({ ...test, stack_trace: null })),
    })),
  };
}
