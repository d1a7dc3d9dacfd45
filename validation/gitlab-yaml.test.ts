import { expect, test } from "vitest";
import { readGitLabYaml } from "./gitlab-yaml.ts";

const many = Array(150).fill("*a").join(", ");

test.each<[string, string, string[]]>([
  ["a bracket closed at its key's indentation", "x:\n  script: [\n    a\n  ]\nz: {}\n", ["x", "z"]],
  ["items at their key's indentation", "x:\n  script: [\n  a,\n  b\n  ]\nz: {}\n", ["x", "z"]],
  ["a bracket closed before its key", "x:\n  script: [\n    a\n]\nz: {}\n", ["x", "z"]],
  ["tabs within braces", "x: {\n\ta: 1,\n\tb: 2\n}\n", ["x"]],
  ["one anchor used often", `.a: &a [1]\nx: [${many}]\n`, [".a", "x"]],
  ["equal keys", "x: {}\nx: {}\n", ["x"]],
  ["a symbol", ":default: {retry: 2}\n", ["default"]],
  ["a quoted symbol", ":\"default\": {}\n:'stages': []\n", ["default", "stages"]],
  ["a colon alone", "':': {}\n", [":"]],
  ["a quoted merge key", ".x: &x {default: {}}\n'<<': *x\n", [".x", "default"]],
  [
    "quoted merge keys within one another",
    "'<<': [{'<<': {default: {}}}, {a: 1}]\n",
    ["default", "a"],
  ],
  ["a merge key that merges itself", "&x\nz: {}\n'<<': *x\n", ["z"]],
  ["a merge key of nothing to merge", "'<<': 1\n", ["<<"]],
  ["an ordered map", "!!omap [default: {}, x: {}]\n", ["default", "x"]],
])("%s is read as GitLab reads it", (_case, text, names) => {
  const { values, unread } = readGitLabYaml(text);
  expect(unread).toBeUndefined();
  expect(values.map((value) => Object.keys(value as object))).toEqual([names]);
});

test.each([
  ["x: [make\nz: {}\n", /^Flow sequence .*line 3|line 2/],
  ["a: b: c\n", /compact mappings at line 1, column 4$/],
  ["x: *nobody\n", /nobody$/],
])("%j cannot be read, and why is one line without a colon", (text, why) => {
  expect(readGitLabYaml(text)).toEqual({ values: [], unread: expect.stringMatching(why) });
});

test("what brackets hold is as it was written", () => {
  const text = "x:\n  script: [\n  'a  b', # one\n\tc\n  ]\n";
  expect(readGitLabYaml(text).values).toEqual([{ x: { script: ["a  b", "c"] } }]);
});
