import { describe, expect, test } from "vitest";
import { handWrittenPipeline } from "../test/support/hand-made-world.ts";
import { readPipeline } from "./pipeline-findings.ts";
import { toPackagePipeline } from "./take-over.ts";

const context = {
  place: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  distributions: ["bookworm", "trixie"],
  files: ["CMakeLists.txt"],
  packages: ["ying"],
};

describe("what a hand-written pipeline says of its package", () => {
  test("is where it uploads to, how it is built, and what it needs", () => {
    expect(toPackagePipeline(readPipeline(handWrittenPipeline), context)).toEqual({
      distributions: ["bookworm"],
      installPrefix: "/opt/trunk30",
      buildDepends: ["protobuf-compiler", "libyaml-cpp-dev"],
      uses: ["ying"],
      tags: ["infra"],
    });
  });

  test("is packaging in debian/ where there is some and no cmake is called", () => {
    const text = "a: { script: [dpkg-buildpackage, curl https://a/api/publish/trunk/trixie] }";
    expect(toPackagePipeline(readPipeline(text), { ...context, files: ["debian"] })).toEqual({
      distributions: ["trixie"],
      buildSystem: "debian",
    });
  });

  test("is not enough where it uploads nowhere", () => {
    expect(toPackagePipeline(readPipeline("a: { script: [make] }"), context)).toBeUndefined();
  });
});
