import { expect, test } from "vitest";
import { devConfiguration } from "../support/engine-stack.ts";
import { devStack, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

const packagesKey = "trunkline:packages";

test("outside dev everyday changes pass, and data stays", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  const { ying, datahook } = await devPackages();
  const schedule = { cron: "0 4 * * 1" };
  const before = { ...ying, variables: { BUILD_TYPE: "nightly" }, schedule };
  await stack.configure({ [packagesKey]: { ying: before, datahook } });
  await stack.up();
  await servers.aptly.upload("infra_trixie", "ying_1.0_amd64.deb");

  const { "trunkline:apt": apt, "trunkline:ci": ci } = await devConfiguration();
  await stack.configure({
    [packagesKey]: { ying, datahook: { ...datahook, distributions: ["trixie"] } },
    "trunkline:apt": { ...(apt as object), architectures: ["amd64", "arm64"] },
    "trunkline:ci": { ...(ci as object), pushAccessLevel: "admin" },
  });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(applied.steps).toEqual({
    "ProjectVariable ying-BUILD_TYPE": "delete",
    "PipelineSchedule ying-schedule": "delete",
    "RepositoryFile ying-pipeline": "update content",
    "RepositoryFile datahook-pipeline": "update content",
    "BranchProtection ci-default-branch": "update pushAccessLevel",
    "TagProtection ci-tags": "update createAccessLevel",
    "Publication apt-bookworm": "update architectures",
    "Publication apt-trixie": "update architectures",
  });
  expect(applied.text.replace(/\s+/g, " ")).toContain(
    "trunk/trixie is dropped and published anew, since aptly changes architectures no other way",
  );
  expect(await takeInventory(servers)).toEqual(devStack);
  const [published] = (await servers.aptly.raw<object[]>("GET", "/publish")) ?? [];
  expect(published).toMatchObject({ Architectures: ["amd64", "arm64"] });
  expect(await servers.aptly.raw("GET", "/repos/infra_trixie/packages")).toHaveLength(1);
});

test("outside dev another default branch passes, and the old one keeps its file", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  const { ying, datahook } = await devPackages();
  const schedule = { cron: "0 4 * * 1" };
  await stack.configure({ [packagesKey]: { ying: { ...ying, schedule }, datahook } });
  await stack.up();
  const { gitlab } = servers;
  const project = "/projects/infra%2Fying";

  const moved = { ...ying, schedule, defaultBranch: "trunk" };
  await stack.configure({ [packagesKey]: { ying: moved, datahook } });
  const tooEarly = await stack.up();
  expect(tooEarly.text.replace(/\s+/g, " ")).toContain(
    "branch 'trunk' does not exist. Push the branch first: git push origin main:trunk",
  );

  await gitlab.call("POST", `${project}/repository/branches`, { branch: "trunk", ref: "main" });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(await gitlab.look(project)).toMatchObject({ default_branch: "trunk" });
  expect(await gitlab.look(`${project}/protected_branches`)).toMatchObject([
    { name: "trunk", merge_access_levels: [{ access_level: 30 }] },
  ]);
  expect(await gitlab.look(`${project}/pipeline_schedules`)).toMatchObject([
    { ref: "refs/heads/trunk" },
  ]);
  for (const branch of ["main", "trunk"]) {
    const commits = `${project}/repository/commits?ref_name=${branch}`;
    expect(await gitlab.look(commits)).toMatchObject([{ title: "Add the pipeline" }]);
  }
  const preview = await stack.preview();
  expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
});

test("what an earlier program protected below projects is free after the next up", async () => {
  const { stack } = await sceneForTest({ name: "prod" });
  const { ying, datahook } = await devPackages();
  const variables = { BUILD_TYPE: "nightly" };
  await stack.configure({ [packagesKey]: { ying: { ...ying, variables }, datahook } });
  await stack.up();
  const state = await stack.exportState();
  for (const resource of state.deployment.resources) resource.protect = true;
  await stack.importState(state);

  const unprotected = await stack.up();
  expect(unprotected, unprotected.text).toMatchObject({ succeeded: true, steps: {} });
  await stack.configure({ [packagesKey]: { ying, datahook } });
  const applied = await stack.up();
  expect(applied, applied.text).toMatchObject({
    succeeded: true,
    steps: { "ProjectVariable ying-BUILD_TYPE": "delete" },
  });
  const left = (await stack.exportState()).deployment.resources as StoredResource[];
  const kept = left.filter(({ protect }) => protect).map(({ type }) => type.replace(/.*:/, ""));
  expect([...new Set(kept)].sort()).toEqual([
    "DestroyGuard",
    "Group",
    "LocalRepository",
    "Project",
    "Publication",
  ]);
});

interface StoredResource {
  readonly type: string;
  readonly protect?: boolean;
}

async function devPackages(): Promise<Record<"ying" | "datahook", object>> {
  const { [packagesKey]: packages } = await devConfiguration();
  return packages as Record<"ying" | "datahook", object>;
}
