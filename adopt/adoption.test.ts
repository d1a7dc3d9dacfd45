import { describe, expect, test } from "vitest";
import { handWrittenPipeline } from "../test/support/hand-made-world.ts";
import { type AdoptionRequest, planAdoption } from "./adoption.ts";
import type { GroupRow, ProjectRow } from "./gitlab-rows.ts";
import type { GroupWorld, ProjectWorld } from "./gitlab-world.ts";

const variable = {
  key: "REGION",
  value: "eu",
  environment_scope: "*",
  masked: false,
  protected: false,
  raw: true,
  variable_type: "env_var",
  description: null,
} as const;

function group(id: number, fullPath: string): GroupWorld {
  const row: GroupRow = {
    id,
    parent_id: null,
    path: fullPath.slice(fullPath.lastIndexOf("/") + 1),
    full_path: fullPath,
    description: null,
    visibility: "private",
  };
  return { row, variables: [variable] };
}

function project(id: number, fullPath: string, change: Partial<ProjectWorld> = {}): ProjectWorld {
  const [path = "", ...above] = fullPath.split("/").reverse();
  const row: ProjectRow = {
    id,
    path,
    path_with_namespace: fullPath,
    namespace: { id: 1, full_path: above.reverse().join("/") },
    description: null,
    visibility: "private",
    default_branch: "main",
    empty_repo: false,
    archived: false,
  };
  const nothing = { variables: [], protections: [], schedules: [], protectedTags: [], files: [] };
  return { row, ...nothing, pipeline: undefined, ...change };
}

function adopt(projects: readonly ProjectWorld[], change: Partial<AdoptionRequest> = {}) {
  return planAdoption({
    gitlab: { groups: [group(1, "infra")], projects, runners: [] },
    aptly: {
      repositories: [{ name: "infra_bookworm", packages: 1 }],
      publications: [
        {
          Prefix: "trunk",
          Storage: "",
          Distribution: "bookworm",
          SourceKind: "local",
          Sources: [{ Name: "infra_bookworm", Component: "main" }],
          Architectures: ["amd64"],
        },
      ] as never,
    },
    configured: {},
    skipped: [],
    takeOver: false,
    today: new Date("2026-11-28"),
    ...change,
  });
}

const packagesOf = (...given: Parameters<typeof adopt>) =>
  adopt(...given).entries["trunkline:packages"];

describe("an adoption", () => {
  test("keeps every project's pipeline, and gives each a name of its own", () => {
    const projects = [project(2, "infra/ying"), project(3, "infra/Data_Hook")];
    const own = { pipeline: "own", visibility: "private", defaultBranch: "main" };
    expect(packagesOf(projects)).toEqual({
      ying: own,
      "data-hook": { ...own, project: "Data_Hook" },
    });
  });

  test("names the groups below, whose projects may be called alike, each with its own variables", () => {
    const variables = { REGION: { value: "eu" } };
    const adopted = adopt([project(2, "infra/ying"), project(3, "infra/tools/ying")], {
      gitlab: {
        groups: [group(1, "infra"), group(2, "infra/tools")],
        projects: [project(2, "infra/ying"), project(3, "infra/tools/ying")],
        runners: [],
      },
    });
    expect(adopted.entries).toMatchObject({
      "trunkline:groups": { "infra/tools": { visibility: "private", variables } },
      "trunkline:packages": {
        "ying-2": { group: "infra/tools", project: "ying" },
        ying: { pipeline: "own" },
      },
      "trunkline:variables": variables,
    });
  });

  test("knows what the configuration has, what is to be skipped, and the shell's own project", () => {
    const projects = [
      project(2, "infra/ying"),
      project(3, "infra/wiki"),
      project(4, "infra/ci", { files: ["package-v1.yml"] }),
      project(5, "infra/late"),
    ];
    const configured = { "trunkline:packages": { library: { project: "ying" } } };
    const packages = packagesOf(projects, { configured, skipped: ["wiki"] });
    expect(Object.keys(packages ?? {})).toEqual(["late"]);
  });

  test("moves the shell's project when a team has one of its name", () => {
    expect(adopt([project(2, "infra/ci")]).entries["trunkline:ci"]).toEqual({
      project: "trunkline-ci",
    });
    expect(adopt([]).entries["trunkline:ci"]).toEqual({});
  });

  test("ends where aptly publishes nothing, and says what to set", () => {
    const aptly = { repositories: [{ name: "mine", packages: 1 }], publications: [] };
    expect(() => adopt([], { aptly })).toThrow(
      "aptly publishes nothing that the configuration can say. aptly: repository mine (1 package) is left alone. Set trunkline:apt",
    );
    const configured = { "trunkline:apt": { prefix: "trunk", repository: "infra" } };
    expect(adopt([], { aptly, configured }).entries["trunkline:apt"]).toEqual({});
  });

  test("takes over the pipelines that say what they build for, when asked", () => {
    const projects = [
      project(2, "infra/datahook", { pipeline: handWrittenPipeline, files: ["CMakeLists.txt"] }),
      project(3, "infra/lib", { pipeline: "test: { script: [make] }" }),
    ];
    const adopted = adopt(projects, { takeOver: true });
    expect(adopted.takenOver).toEqual(["infra/datahook"]);
    expect(adopted.entries["trunkline:packages"]).toMatchObject({
      datahook: { distributions: ["bookworm"], installPrefix: "/opt/trunk30" },
      lib: { pipeline: "own" },
    });
    expect(adopted.entries["trunkline:packages"]?.datahook).not.toHaveProperty("pipeline");
    expect(adopted.remarks).toContainEqual(
      expect.stringContaining("infra/lib: the pipeline does not say what it builds for"),
    );
  });
});
