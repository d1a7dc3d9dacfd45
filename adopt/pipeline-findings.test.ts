import { describe, expect, test } from "vitest";
import { handWrittenPipeline } from "../test/support/hand-made-world.ts";
import { findFaults, readPipeline } from "./pipeline-findings.ts";

const faultsOf = (text: string, strategy?: string) =>
  findFaults(readPipeline(text), strategy).map(({ what }) => what);

describe("a hand-written pipeline", () => {
  test("is told everything that will hurt", () => {
    expect(faultsOf(handWrittenPipeline, "fetch")).toEqual([
      "line 2: [stages](stages): is a link of Markdown where stages: was meant",
      "compile_on_bookworm, upload_on_bookworm: files go from job to job through cache",
      "3 uploads by curl without --fail",
      "jobs run beside one another with the Git strategy fetch",
      "debian:bookworm, debian:trixie: images without a digest",
    ]);
  });

  test("that clones is not told to", () => {
    const text = "a: { script: [true] }\nb: { script: [true] }\n";
    expect(faultsOf(text, "fetch")).toHaveLength(1);
    expect(faultsOf(text, "clone")).toEqual([]);
    expect(faultsOf(`variables: { GIT_STRATEGY: clone }\n${text}`, "fetch")).toEqual([]);
  });

  test.each([
    "curl --fail-with-body -X PUT https://aptly/api/publish/trunk/bookworm",
    "curl -fsS -X PUT https://aptly/api/publish/trunk/bookworm",
    "curl https://example.com/api/other",
  ])("may say %s", (line) => {
    expect(faultsOf(`a: { script: ["${line}"] }`)).toEqual([]);
  });

  test.each([
    "cache: { paths: [out/] }",
    "cache: { key: $CI_COMMIT_SHA, paths: [./out/] }",
    "default: { cache: [{ paths: [.ccache, out] }] }",
  ])("is told that %s carries files that one job writes and another reads", (cache) => {
    const jobs = `build: { stage: build, script: [make, mv build/a.deb out/] }
upload: { stage: deploy, script: [curl -f -F file=@out/a.deb https://aptly/api/files/a] }
other: { stage: test, script: [make check] }`;
    expect(faultsOf(`${cache}\n${jobs}`)).toEqual([
      "build, upload: files go from job to job through cache",
    ]);
  });

  test("keeps compilers' caches and pinned images without a word", () => {
    const digest = `debian@sha256:${"0".repeat(64)}`;
    const jobs = `a: { image: "${digest}", script: [make], cache: { paths: [.ccache] } }`;
    expect(faultsOf(`${jobs}\nb: { image: $IMAGE, stage: other, script: [make] }`)).toEqual([]);
  });

  test("that cannot be read is told so in one sentence", () => {
    expect(faultsOf("a: b: c")).toEqual([
      "it cannot be read here: Nested mappings are not allowed in compact mappings at line 1, column 4",
    ]);
  });

  const many = Array(150).fill("*use").join(", ");
  test.each([
    ["a bracket closed at its key's indentation", "a:\n  script: [\n  make\n  ]\n"],
    ["equal keys", "a: { script: [true] }\na: { script: [make] }\n"],
    ["one anchor used often", `.use: &use make\na: { script: [${many}] }\n`],
    ["a header", "spec: {}\n---\na: { script: [make] }\n"],
  ])("with %s is read", (_case, text) => {
    const pipeline = readPipeline(text);
    expect(findFaults(pipeline, undefined)).toEqual([]);
    expect(pipeline.lines).toContain("make");
  });
});
