import { expect, test } from "vitest";
import { identifier } from "./identify.ts";

const schedule = { description: "Nightly", cron: "0 3 * * *", ref: "refs/heads/main" };
const identify = identifier(
  {
    groups: [
      { row: { id: 2, path: "infra", parent_id: null }, variables: [] },
      { row: { id: 3, path: "infra", parent_id: 2 }, variables: undefined },
    ],
    projects: [
      {
        row: { id: 7, path: "ying", namespace: { id: 2 }, default_branch: "main" },
        schedules: [
          { ...schedule, id: 5, variables: [{ key: "A" }] },
          { ...schedule, id: 6 },
        ],
        variables: [{ key: "LEVEL", environment_scope: "review/*" }],
        pipeline: "a: {}",
      },
    ],
    runners: [],
  } as never,
  {
    repositories: [{ name: "infra_trixie", packages: 1 }],
    publications: [{ Storage: "", Prefix: ".", Distribution: "trixie" }],
  } as never,
);

test.each<[string, Record<string, unknown>, string | undefined]>([
  ["Group", { path: "infra", parentId: 2 }, "3"],
  ["Project", { path: "ying", namespaceId: 2 }, "7"],
  ["Project", { path: "ying", namespaceId: 3 }, undefined],
  [
    "ProjectVariable",
    { project: "7", key: "LEVEL", environmentScope: "review/*" },
    "7:LEVEL:review/*",
  ],
  ["ProjectVariable", { project: "7", key: "LEVEL" }, undefined],
  ["ProjectVariable", { project: "new ying", key: "LEVEL" }, undefined],
  [
    "RepositoryFile",
    { project: "7", branch: "main", filePath: ".gitlab-ci.yml" },
    "7:main:.gitlab-ci.yml",
  ],
  ["RepositoryFile", { project: "7", branch: "next", filePath: ".gitlab-ci.yml" }, undefined],
  ["PipelineScheduleVariable", { project: "7", pipelineScheduleId: 5, key: "A" }, "7:5:A"],
  ["LocalRepository", { name: "infra_trixie" }, "infra_trixie"],
  ["Publication", { prefix: ".", distribution: "trixie" }, "./trixie"],
  ["UserRunner", { groupId: 2 }, undefined],
])("%s %j has the id %s", (type, inputs, id) => {
  expect(identify(`any:index/any:${type}`, inputs)).toBe(id);
});

test("schedules that are alike are told apart", () => {
  const inputs = { project: "7", ...schedule };
  const ids = [1, 2, 3].map(() => identify("a:index/b:PipelineSchedule", inputs));
  expect(ids).toEqual(["7:5", "7:6", undefined]);
});
