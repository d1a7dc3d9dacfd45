import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../app.ts";

/** A client somebody else wrote, over a real socket: what it understands is GitLab's manner. */

let directory: string;
let sandbox: Sandbox;
let gitlab: InstanceType<typeof Gitlab>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gitbeaker-"));
  sandbox = await createSandbox({ directory });
  gitlab = new Gitlab({ host: await sandbox.listen(), token: sandbox.rootToken });
});

afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true });
});

test("It reads who it is and what the instance is", async () => {
  expect(await gitlab.Users.showCurrentUser()).toMatchObject({ username: "root" });
  expect(await gitlab.Metadata.show()).toMatchObject({ enterprise: false });
});

test("It makes a group with a project and pages through all projects", async () => {
  const group = await gitlab.Groups.create("infra", "infra");
  for (const name of ["ying", "datahook", "tools"])
    await gitlab.Projects.create({ name, namespaceId: group.id, initializeWithReadme: true });
  const all = await gitlab.Groups.allProjects("infra", { perPage: 1 });
  expect(all.map((row) => row.path_with_namespace).sort()).toEqual([
    "infra/datahook",
    "infra/tools",
    "infra/ying",
  ]);
  const { data, paginationInfo } = await gitlab.Groups.allProjects("infra", {
    perPage: 2,
    maxPages: 1,
    showExpanded: true,
  });
  expect(data).toHaveLength(2);
  expect(paginationInfo).toMatchObject({ total: 3, next: 2, totalPages: 2 });
});

test("It follows keyset links to every project", async () => {
  const all = await gitlab.Projects.all({
    pagination: "keyset",
    orderBy: "id",
    sort: "asc",
    perPage: 1,
  });
  expect(all).toHaveLength(sandbox.store.projects.all().length);
});

test("It tells scoped variables apart", async () => {
  const { id } = await gitlab.Projects.create({ name: "scoped" });
  await gitlab.ProjectVariables.create(id, "URL", "all");
  await gitlab.ProjectVariables.create(id, "URL", "live", { environmentScope: "live" });
  const filter = { environment_scope: "live" };
  expect(await gitlab.ProjectVariables.show(id, "URL", { filter })).toMatchObject({
    value: "live",
  });
  await gitlab.ProjectVariables.edit(id, "URL", "new", { filter });
  await gitlab.ProjectVariables.remove(id, "URL", { filter: { environment_scope: "*" } });
  expect(await gitlab.ProjectVariables.all(id)).toMatchObject([
    { value: "new", environment_scope: "live" },
  ]);
});

test("It protects branches and tags", async () => {
  const { id } = await gitlab.Projects.create({ name: "guarded" });
  await gitlab.ProtectedBranches.create(id, "release/*", { pushAccessLevel: 0 });
  expect(await gitlab.ProtectedBranches.show(id, "release/*")).toMatchObject({
    push_access_levels: [{ access_level: 0, access_level_description: "No one" }],
  });
  await gitlab.ProtectedTags.create(id, "v*", { createAccessLevel: 30 });
  expect(await gitlab.ProtectedTags.all(id)).toMatchObject([{ name: "v*" }]);
});

test("It makes a runner, a schedule and a deploy token", async () => {
  const { id } = await gitlab.Projects.create({ name: "busy" });
  const runner = await gitlab.Users.createCIRunner("project_type", { projectId: id });
  expect(await gitlab.Runners.show(runner.id)).toMatchObject({ projects: [{ id }] });
  const schedule = await gitlab.PipelineSchedules.create(id, "nightly", "main", "0 1 * * *");
  await gitlab.PipelineScheduleVariables.create(id, schedule.id, "MODE", "full");
  expect(await gitlab.PipelineSchedules.show(id, schedule.id)).toMatchObject({
    ref: "refs/heads/main",
    variables: [{ key: "MODE", value: "full" }],
  });
  const token = await gitlab.DeployTokens.create("pull", ["read_repository"], { projectId: id });
  expect(token.token).toMatch(/^gldt-/);
});

test("It reads the sandbox's refusals as GitLab's", async () => {
  await expect(gitlab.Projects.show("no/where")).rejects.toMatchObject({
    cause: { description: "404 Project Not Found" },
  });
});
