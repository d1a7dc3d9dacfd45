import { expect, test } from "vitest";
import { memoryFacts } from "../pipelines/memory-sources.ts";
import { lintConfig } from "./lint.ts";
import { reportTypes } from "./report-types.ts";

const lint = (content: string) => lintConfig(content, memoryFacts());

test.each<[string, string, string[]]>([
  [
    "an unknown report",
    "a: {script: x, artifacts: {reports: {junit: x.xml, nunit: y.xml}}}\n",
    ["jobs:a:artifacts:reports config contains unknown keys: nunit"],
  ],
  [
    "wrong reports, also as default",
    "default: {artifacts: {reports: {dotenv: 1}}}\na: {script: x, artifacts: {reports: [x]}}\n",
    [
      "default:artifacts:reports dotenv should be an array of strings or a string",
      "jobs:a:artifacts:reports config should be a hash",
    ],
  ],
  [
    "a coverage report without path and known form",
    "a: {script: x, artifacts: {reports: {coverage_report: {coverage_format: lcov}}}}\n",
    [
      "jobs:a:artifacts:reports:coverage_report coverage format must be one of supported formats: cobertura, jacoco.",
      "jobs:a:artifacts:reports:coverage_report path can't be blank",
    ],
  ],
  [
    "only as text",
    "a: {script: x, only: main}\n",
    ["jobs:a:only has to be either an array of conditions or a hash"],
  ],
  [
    "a pattern that is none",
    "a: {script: x, only: [/(/]}\nb: {script: x, except: {refs: [/)/]}}\n",
    [
      "jobs:a:only config should be an array of strings or regular expressions using re2 syntax",
      "jobs:b:except refs should be an array of strings or regular expressions using re2 syntax",
    ],
  ],
  [
    "conditions that are none",
    "workflow: {rules: [{if: '$A &'}]}\na: {script: x, only: {variables: ['$A =']}}\n",
    [
      "workflow:rules:rule if invalid expression syntax",
      "jobs:a:only variables invalid expression syntax",
    ],
  ],
  [
    "variables of only as text",
    "a: {script: x, only: {variables: $A}}\n",
    ["jobs:a:only variables should be an array of strings"],
  ],
  [
    "delays that are none",
    "a: {script: x, when: delayed}\nb: {script: x, start_in: 1 day}\nc: {script: x, when: delayed, start_in: 8 days}\n",
    [
      "jobs:a start in should be a duration",
      "jobs:b start in must be blank",
      "jobs:c start in should not exceed the limit",
    ],
  ],
  [
    "a delay in a rule that is none",
    "a: {script: x, rules: [{when: delayed, start_in: soon}, {if: $A, start_in: 1 day}]}\n",
    ["jobs:a:rules:rule start in should be a duration", "jobs:a:rules:rule start in must be blank"],
  ],
  [
    "a coverage that is no pattern",
    "a: {script: x, coverage: lines}\nb: {script: x, coverage: '/(/'}\nc: {script: x, coverage: '/x/'}\n",
    [
      "jobs:a:coverage config must be a regular expression",
      "jobs:b:coverage config must be a regular expression",
    ],
  ],
])("what do they get who wrote %s?", async (_, content, errors) => {
  expect((await lint(content)).errors).toEqual(errors);
});

/** The documented reports that name files, one text or several. */
const plainReports = reportTypes
  .filter((type) => type !== "coverage_report")
  .map((type, at) => `${type}: ${at % 2 ? "a.txt" : "[a.txt, b.txt]"}`)
  .join(", ");

test("which reports are accepted? all that GitLab documents", async () => {
  const content = `a: {script: x, artifacts: {reports: {coverage_report: {coverage_format: jacoco, path: j.xml}, ${plainReports}}}}\n`;
  expect((await lint(content)).errors).toEqual([]);
});
