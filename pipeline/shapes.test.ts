import { expect, test } from "vitest";
import { type DebianPackagePipelineArgs, debianPackagePipeline } from "./debian-package.ts";
import { selectShapes } from "./shapes.ts";

const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [{ codename: "trixie", image: "i" }],
  tags: ["infra"],
  installPrefix: "/usr",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  template: { project: "infra/ci", ref: "main" },
  origin: "a test",
};
const pipeline = (changes: Partial<DebianPackagePipelineArgs> = {}) =>
  debianPackagePipeline({ ...args, ...changes });
const tests = { script: ["ctest"], reports: ["a.xml"] };
const targets = [...args.targets, { codename: "bookworm", image: "j" }];

test.each<[string, Partial<DebianPackagePipelineArgs>]>([
  ["names", { package: "yang", origin: "another" }],
  ["images and tags", { targets: [{ codename: "noble", image: "k" }], tags: ["big"] }],
  ["the number of distributions", { targets }],
  ["arguments", { cmakeArguments: ["-DA=B"], uses: ["yang"] }],
])("pipelines that differ in %s have one shape", (_case, changes) => {
  const shapes = selectShapes({ "g/a": pipeline(), "g/b": pipeline(changes) });
  expect(shapes.map(({ projects }) => projects)).toEqual([["g/a", "g/b"]]);
});

test.each<[string, Partial<DebianPackagePipelineArgs>]>([
  ["tests", { tests }],
  ["another build system", { buildSystem: "debian" }],
  ["no tags", { tags: [] }],
  ["stages of its own", { stages: ["docs", "compile", "upload"] }],
  ["further files", { include: [{ local: "a.yml" }] }],
  ["another state of the shell", { template: { project: "infra/ci", ref: "package-v1-a" } }],
  ["its shell in it", { template: undefined }],
])("a pipeline with %s has another shape", (_case, changes) => {
  const shapes = selectShapes({ "g/a": pipeline(), "g/b": pipeline(changes) });
  expect(shapes.map(({ projects }) => projects)).toEqual([["g/a"], ["g/b"]]);
});
