import { XMLParser, XMLValidator } from "fast-xml-parser";

/** Kinds of outcomes, in the order in which reports list them. */
export const testStatuses = ["error", "failed", "success", "skipped"] as const;

export type TestStatus = (typeof testStatuses)[number];

/** A test of a JUnit report. */
export interface TestCase {
  status: TestStatus;
  /** Name of the innermost suite that has one. */
  suite: string | null;
  name: string | null;
  classname: string | null;
  /** Seconds. */
  execution_time: number;
  system_output: string | null;
}

/** A report that cannot be read; the message is in GitLab's form. */
export class JunitInvalid extends Error {
  override readonly name = "JunitInvalid";
}

/** An element: lists of elements by tag, texts by `@attribute`, and its own text. */
interface Element {
  [part: string]: Element[] | string;
}

const textName = "#text";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: textName,
  alwaysCreateTextNode: true,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/**
 * The tests of a JUnit report: what GitLab reads of the format, which nests suites as deep as it likes.
 *
 * @throws JunitInvalid when the text is not XML.
 * @see https://docs.gitlab.com/ci/testing/unit_test_reports/#junit-xml-format-specification
 */
export function readJunit(text: string): TestCase[] {
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line, col, msg } = valid.err;
    throw new JunitInvalid(`JUnit XML parsing failed: ${line}:${col ?? 1}: FATAL: ${msg}`);
  }
  const root: Element = parser.parse(text);
  const tops = [root, ...children(root, "testsuites")];
  return [
    ...children(root, "testsuites").flatMap((top) => casesOf(top, null)),
    ...tops.flatMap((top) => children(top, "testsuite")).flatMap((suite) => listCases(suite)),
  ];
}

function listCases(suite: Element): TestCase[] {
  return [
    ...casesOf(suite, attribute(suite, "name")),
    ...children(suite, "testsuite").flatMap(listCases),
  ];
}

function casesOf(suite: Element, name: string | null): TestCase[] {
  return children(suite, "testcase").map((test) => toCase(test, name));
}

function toCase(test: Element, suite: string | null): TestCase {
  const status = statusOf(test);
  return {
    status,
    suite,
    name: attribute(test, "name"),
    classname: attribute(test, "classname"),
    execution_time: Number.parseFloat(attribute(test, "time") ?? "") || 0,
    system_output: outputOf(test, status),
  };
}

function statusOf(test: Element): TestStatus {
  if ("failure" in test) return "failed";
  if ("error" in test) return "error";
  return "skipped" in test ? "skipped" : "success";
}

/** What went wrong, and what the test wrote. */
function outputOf(test: Element, status: TestStatus): string | null {
  if (status === "success") return null;
  if (status === "skipped") return texts(test, "skipped")[0] ?? null;
  return [
    ...texts(test, status === "failed" ? "failure" : "error"),
    ...texts(test, "system-out").map((text) => `System Out:\n\n${text}`),
    ...texts(test, "system-err").map((text) => `System Err:\n\n${text}`),
  ].join("\n\n");
}

function texts(element: Element, tag: string): string[] {
  return children(element, tag)
    .map((child) => String(child[textName]))
    .filter((text) => text !== "");
}

function children(element: Element, tag: string): Element[] {
  const found = element[tag];
  return Array.isArray(found) ? found : [];
}

function attribute(element: Element, name: string): string | null {
  const found = element[`@${name}`];
  return typeof found === "string" ? found : null;
}
