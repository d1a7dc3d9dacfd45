import { output } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { planImages } from "./images.ts";
import { planPipelines, planProject } from "./plan.ts";
import { planRunners } from "./runner-plan.ts";

const today = new Date("2026-06-01");
const raw = {
  group: "infra",
  registry: "registry.example.com",
  distributions: { trixie: {}, bookworm: {} },
  apt: { prefix: "trunk", repository: "infra", architectures: ["amd64", "arm64"] },
  runners: {
    infra: { tags: ["infra"] },
    arm: { tags: ["infra-arm64"], architecture: "arm64", scope: "instance" },
  },
  packages: {
    ying: { distributions: ["trixie", "bookworm"] },
    datahook: { distributions: ["trixie"], architectures: ["amd64", "arm64"] },
    hookprint: { distributions: ["bookworm"], imageGroup: "arm", architectures: ["arm64"] },
  },
};
const configure = (changes: object = {}) =>
  readConfiguration({ ...raw, ...changes }, { today, stack: "dev" });

test("an image has the platforms of what is built in it", () => {
  const images = planImages(configure(), {
    aptUrl: "https://apt.example.com/",
    aptKey: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
  });
  expect(Object.entries(images).map(([key, { platforms }]) => [key, platforms])).toEqual([
    ["trixie", ["linux/amd64", "linux/arm64"]],
    ["bookworm", ["linux/amd64"]],
    ["bookworm-arm", ["linux/arm64"]],
  ]);
});

test("a package on the stack's first architecture alone has the pipeline that it had", () => {
  const { ying } = planPipelines(configure());
  const apt = { ...raw.apt, architectures: ["amd64"] };
  const { ying: before } = planPipelines(configure({ apt, packages: { ying: raw.packages.ying } }));
  expect(ying?.jobs).toEqual(before?.jobs);
});

test("one on another alone says so, and its jobs keep their names", () => {
  const [compile] = planPipelines(configure()).hookprint?.jobs ?? [];
  expect(compile).toMatchObject({
    name: "compile_on_bookworm",
    tags: ["infra-arm64"],
    variables: { BUILD_ARCHITECTURE: "arm64" },
  });
});

test("a project allows the instance's runners where one of another architecture is among them", () => {
  const configuration = configure();
  const allowed = (name: string) =>
    planProject(configuration, name, {
      groups: { infra: { groupId: output(1) } },
      pipelines: planPipelines(configuration),
      templates: {},
      access: {},
      users: {},
    }).instanceRunners;
  expect(allowed("datahook")).toBe(true);
  expect(allowed("ying")).toBeUndefined();
});

test("GitLab is told nothing of a runner's architecture", () => {
  expect(planRunners(configure()).arm?.request).not.toHaveProperty("architecture");
});
