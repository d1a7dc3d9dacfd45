import { describe, expect, test } from "vitest";
import { packageVariableKey } from "../pipeline/variables.ts";
import { checkGroupPath, checkProjectPath } from "./gitlab-paths.ts";
import { cronExpression, timezone } from "./schedules.ts";
import * as rules from "./text-rules.ts";

const digest = `sha256:${"a1".repeat(32)}`;

describe.each<[string, rules.TextRule, string[], string[]]>([
  [
    "debianPackageName",
    rules.debianPackageName,
    ["libstdc++6", "g++", "0ad"],
    ["Qt5", "a", "-a", "a_b", "a b"],
  ],
  [
    "debianArchitecture",
    rules.debianArchitecture,
    ["amd64", "kfreebsd-amd64"],
    ["AMD64", "", "amd64 "],
  ],
  ["codename", rules.codename, ["bookworm", "bookworm-backports"], ["Bookworm", "12", "a_b", ""]],
  ["aptlyName", rules.aptlyName, ["infra", "non-free", "a.b_c"], ["", "a/b", "_a", "a b"]],
  [
    "aptlyPrefix",
    rules.aptlyPrefix,
    ["", "trunk", "team/my_repo", "s3:packages:trunk", "filesystem:my_disk:"],
    ["/trunk", "trunk/", "a//b", "a/_b", "..", "ftp:a:b", "s3:trunk", "s3::trunk", "a:b"],
  ],
  [
    "keyFingerprint",
    rules.keyFingerprint,
    ["0123456789ABCDEF".repeat(3).slice(0, 40)],
    ["0123ABCD", "a".repeat(40)],
  ],
  [
    "registry",
    rules.registry,
    ["127.0.0.1:5050", "registry.example.com/infra/images"],
    ["https://r.example.com", "r.example.com/", "r:port", ""],
  ],
  [
    "imageReference",
    rules.imageReference,
    ["debian:bookworm", "r:5000/a/b:1", `r.example.com/a@${digest}`, `a:1@${digest}`],
    ["Debian", "a:", "a@sha256:12", "https://r/a", "a b"],
  ],
  [
    "reportPath",
    rules.reportPath,
    ["junit.xml", "build/*.xml", ".out/a-1+b_c/TEST-*.xml"],
    ["/junit.xml", "../a.xml", "a/../b.xml", "./a.xml", "a/..", "a//b.xml", "a/", "a b.xml"],
  ],
  [
    "reportPath in the shell",
    rules.reportPath,
    ["a*.xml"],
    ["**/a.xml", "$a.xml", "-a.xml", "a?", ""],
  ],
  [
    "absolutePath",
    rules.absolutePath,
    ["/usr", "/opt/trunk30"],
    ["opt", "/opt/", "/a b", "/", "/$HOME"],
  ],
  [
    "packageVariableKey",
    packageVariableKey,
    ["WITH_TOOLS", "1A"],
    ["A-B", "", "CODENAME", "BUILDER_IMAGE_TRIXIE"],
  ],
  [
    "environmentScope",
    rules.environmentScope,
    ["*", "review/*", "eu west.$CI_X"],
    ["", "a:b", "a\nb"],
  ],
  ["variableKey", rules.variableKey, ["CI_X", "_a1"], ["1A", "A-B", ""]],
  ["runnerTag", rules.runnerTag, ["infra", "gpu:2"], ["", "a b", "a,b"]],
  ["runnerName", rules.runnerName, ["infra", "arm64-2"], ["Infra", "-a", "a--b"]],
  [
    "branchName",
    rules.branchName,
    ["main", "release/1.x"],
    ["", "a..b", "a/", "/a", "a.lock", "a b", "a~1", "a."],
  ],
  [
    "cmakeArgument",
    rules.cmakeArgument,
    ["-DA=B c", "-GNinja", "--preset=ci", "-DA=$ENV{CI_JOB_ID}"],
    ["DA=B", "", "-DA\n-DB", "-DA=$CI_JOB_ID", `-DA=\${CI_JOB_ID}`],
  ],
  ["cmakeEntry", rules.cmakeEntry, ["BUILD_NUMBER", "a.b"], ["", "A B", "A=1", "1A", '"']],
  [
    "sourceFolder",
    rules.sourceFolder,
    ["deb", "apps/hook-1.0", ".ci"],
    ["", "/a", "a/", "../a", "a/./b", "a b", "$A"],
  ],
  ["testGroup", rules.testGroup, ["plain", "with-ssl1.1"], ["", "A", "-a", "a b", "a/b"]],
  [
    "httpUrl",
    rules.httpUrl,
    ["http://a.example/b", "https://a.example"],
    [
      ...["ftp://a", "a.example", "http://user:x@a.example", "http://:x@a.example"],
      ...[
        "http://a.example/?b",
        "http://a.example/b#",
        "http://a.example/a\nRUN b",
        " http://a.example",
      ],
    ],
  ],
  [
    "checkGroupPath",
    checkGroupPath,
    ["infra", "platform/infra.x"],
    ["", "api", "API", "a//b", "a/", "a/raw", "a.git", "a_-b"],
  ],
  [
    "checkProjectPath",
    checkProjectPath,
    ["ying", "lib-foo.2"],
    ["tree", "a/b", "a.atom", "libstdc++", "_a", "a".repeat(256)],
  ],
  [
    "cronExpression",
    cronExpression,
    ["30 3 * * 1-5", "*/15 * * * *"],
    ["", "x", "61 * * * *", "* * * * * *"],
  ],
  ["timezone", timezone, ["UTC", "Europe/Berlin"], ["Berlin", ""]],
])("%s", (_name, rule, accepted, refused) => {
  test.each(accepted)("accepts %j", (value) => {
    expect(rule(value)).toBeUndefined();
  });

  test.each(refused)("refuses %j and says what to do", (value) => {
    expect(rule(value)?.message).toMatch(/\bnot\b|keeps for itself|pipeline's own/);
    expect(rule(value)?.fix).toMatch(/^[A-Z].*\.$/s);
  });
});

test("a URL with a password is refused without repeating it", () => {
  expect(JSON.stringify(rules.httpUrl("http://user:hunter2@a.example"))).not.toContain("hunter2");
});
