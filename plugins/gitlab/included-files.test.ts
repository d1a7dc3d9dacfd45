import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  findFault,
  findUnread,
  inlineExpected,
  readForeignIncludes,
  readIncludes,
  readNames,
} from "./included-files.ts";

const shell = {
  project: "infra/ci",
  file: "package-v1.yml",
  refs: ["main", "package-v1-abc"],
  refusals: [],
  content: "# kept by trunkline\n\n.make:\n  before_script: [set -e]\n",
};

const file = (ref: string) => `# ours
include:
  - local: .gitlab/package.yml
    rules: [{exists: [.gitlab/package.yml]}]
  - project: infra/ci
    file: package-v1.yml${ref}
build:
  extends: .make
  script: !reference [test, script]
`;

describe.each([
  ["the branch", "\n    ref: main"],
  ["the tag of the new state", "\n    ref: package-v1-abc"],
  ["no ref", ""],
])("a file that includes %s", (_case, ref) => {
  test("has the expected content in it instead, and keeps the rest", () => {
    const text = inlineExpected(file(ref), [shell]);
    expect(parse(text, { logLevel: "silent" })).toMatchObject({
      ".make": { before_script: ["set -e"] },
      include: [{ local: ".gitlab/package.yml" }],
      build: { extends: ".make" },
    });
    expect(text).toContain("script: !reference [ test, script ]");
  });
});

test.each([
  ["another state", file("\n    ref: package-v1-old"), [shell]],
  ["another project", file("").replace("infra/ci", "other/ci"), [shell]],
  ["another file", file("").replace("package-v1", "package-v2"), [shell]],
  ["nothing that is expected", file(""), []],
  ["nothing at all", "build: {script: make}\n", [shell]],
])("a file that includes %s stays as it is", (_case, text, expected) => {
  expect(inlineExpected(text, expected)).toBe(text);
});

test.each<[string, unknown]>([
  ["include: /a.yml", [{ file: "a.yml" }]],
  ["include: [a.yml, {local: b.yml}]", [{ file: "a.yml" }, { file: "b.yml" }]],
  [
    "include: {project: g/p, file: [a.yml, /b.yml], ref: v1}",
    [
      { project: "g/p", file: "a.yml", ref: "v1" },
      { project: "g/p", file: "b.yml", ref: "v1" },
    ],
  ],
  ["include: {local: ci/**.yml}", [{ file: "ci/**.yml" }]],
  ["spec: {inputs: {}}\n---\ninclude: a.yml", [{ file: "a.yml" }]],
  ["include: ['https://example.com/a.yml', {template: Auto-DevOps.gitlab-ci.yml}]", []],
  ["include: [{local: $FILE}, {project: g/$CI_PROJECT_NAME, file: a.yml}]", []],
  ["build: {script: make}", []],
  ["", []],
])("%s includes %j", (text, included) => {
  expect(readIncludes(text)).toEqual(included);
});

test("the names of a file are those of its jobs and global keywords", () => {
  expect(readNames("stages: [a]\n.hidden: {}\nbuild: {}\n")).toEqual([
    "stages",
    ".hidden",
    "build",
  ]);
  expect(readNames("spec: {inputs: {}}\n---\nbuild: {}\n")).toEqual(["spec", "build"]);
  expect(readNames("")).toEqual([]);
});

test.each([
  ["a merge key", ".a: &a\n  build: {script: make}\n<<: *a\n", [".a", "build"]],
  ["a list of them", ".a: &a {build: {}}\n.b: &b {test: {}}\n<<: [*a, *b]\n", ["build", "test"]],
  ["an alias as its key", "variables: {NAME: &name build}\n*name : {script: make}\n", ["build"]],
])("a job that comes by %s has its name", (_case, content, names) => {
  expect(readNames(content)).toEqual(expect.arrayContaining(names));
});

test("a merge key may bring what is included", () => {
  expect(readIncludes(".a: &a {include: /a.yml}\n<<: *a\n")).toEqual([{ file: "a.yml" }]);
});

test.each([
  ["- build", "it is no map of jobs"],
  ["# later\n", "it is empty"],
  ["build: {script: make}\nbuild: {script: make}\n", undefined],
  ["spec: {inputs: {}}\n---\nbuild: {script: !reference [.a, script]}\n", undefined],
])("why GitLab cannot read %j", (content, fault) => {
  expect(findFault(content)).toBe(fault);
});

test.each([
  ["build: [make", /^Flow sequence .*line 1/],
  ["build: *nobody", /nobody/],
])("why %j cannot be read here", (content, why) => {
  expect(findUnread(content)).toMatch(why);
  expect(findFault(content)).toBeUndefined();
});

test.each([
  ["include: https://example.com/a.yml", ["https://example.com/a.yml"]],
  ["include: [{remote: 'https://example.com/a.yml'}]", ["remote https://example.com/a.yml"]],
  ["include: [{template: [A.yml, B.yml]}, a.yml]", ["template A.yml, B.yml"]],
  ["include: {component: $CI_SERVER_FQDN/g/p@1}", ["component $CI_SERVER_FQDN/g/p@1"]],
  ["include: {local: $FILE}", ["$FILE"]],
  ["include: {project: g/p, file: a.yml, ref: $REF}", ["g/p a.yml $REF"]],
  ["include: [a.yml, {local: b.yml}, {project: g/p, file: [a.yml]}]", []],
  ["include: 1", []],
])("%s includes %j that is not read", (text, foreign) => {
  expect(readForeignIncludes(text)).toEqual(foreign);
});
