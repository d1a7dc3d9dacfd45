import { describe, expect, test } from "vitest";
import { type DebianPackagePipelineArgs, debianPackagePipeline } from "./debian-package.ts";
import { resolveJobs } from "./resolve.ts";

const both = [
  { name: "amd64", tags: ["infra"] },
  { name: "arm64", tags: ["infra-arm64"] },
];
const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [{ codename: "bookworm", image: "r/builder-bookworm:1" }],
  tags: ["infra"],
  architectures: both,
  installPrefix: "/usr",
  apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64", "arm64"] },
  origin: "a test",
};
const tests = { script: ["ctest"], reports: ["junit.xml"] };

function jobsOf(changes: Partial<DebianPackagePipelineArgs> = {}) {
  const jobs = resolveJobs(debianPackagePipeline({ ...args, ...changes }));
  return Object.fromEntries(jobs.map((job) => [job.name, job]));
}

test("another architecture adds jobs and renames none", () => {
  const one = Object.keys(jobsOf({ tests, architectures: both.slice(0, 1) }));
  const two = Object.keys(jobsOf({ tests }));
  expect(one).toEqual(["compile_on_bookworm", "test_on_bookworm", "upload_on_bookworm"]);
  expect(two.filter((name) => !one.includes(name))).toEqual([
    "compile_on_bookworm_arm64",
    "test_on_bookworm_arm64",
  ]);
});

test("its jobs run on its runners, and the one upload waits for all of them", () => {
  const jobs = jobsOf({ tests });
  expect(jobs.compile_on_bookworm_arm64?.tags).toEqual(["infra-arm64"]);
  expect(jobs.test_on_bookworm_arm64?.tags).toEqual(["infra-arm64"]);
  expect(jobs.upload_on_bookworm?.tags).toEqual(["infra"]);
  expect(jobs.upload_on_bookworm?.needs?.map(({ job }) => job)).toEqual([
    "compile_on_bookworm",
    "compile_on_bookworm_arm64",
    "test_on_bookworm",
    "test_on_bookworm_arm64",
  ]);
});

test("the first one's job alone hands over what is for all", () => {
  const { compile_on_bookworm: first, compile_on_bookworm_arm64: further } = jobsOf();
  expect(first?.variables).toMatchObject({ BUILD_ARCHITECTURE: "amd64", ALL_PACKAGES_FROM: "" });
  expect(further?.variables).toMatchObject({
    BUILD_ARCHITECTURE: "arm64",
    ALL_PACKAGES_FROM: "amd64",
  });
});

test("groups of packages are tested on each", () => {
  const jobs = jobsOf({ tests: { ...tests, groups: { lite: ["ying-lite"] } } });
  expect(jobs.test_on_bookworm_arm64_lite?.variables).toMatchObject({
    BUILD_ARCHITECTURE: "arm64",
    PACKAGES_FROM: "amd64 arm64",
    TESTED_GROUP: "lite",
  });
});

describe("what is compiled once", () => {
  test("is compiled on the first, and tested on each", () => {
    const jobs = jobsOf({ tests, architecture: "all" });
    expect(Object.keys(jobs)).toEqual([
      "compile_for_all",
      "test_on_bookworm",
      "test_on_bookworm_arm64",
      "upload_on_bookworm",
    ]);
    expect(jobs.compile_for_all).toMatchObject({
      tags: ["infra"],
      artifacts: { paths: ["packages/*.deb", "packages/manifest"] },
    });
    expect(jobs.test_on_bookworm_arm64).toMatchObject({
      needs: [{ job: "compile_for_all", artifacts: true }],
      variables: { BUILD_ARCHITECTURE: "arm64", PACKAGES_FROM: "" },
    });
  });
});
