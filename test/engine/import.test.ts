import * as gitlab from "@pulumi/gitlab";
import { expect, test } from "vitest";
import { devStack, takeInventory } from "../support/inventory.ts";
import { type Scene, sceneForTest } from "./scene.ts";

test("objects made by hand are taken over as they are when the program says the same", async () => {
  let ids = { group: "", project: "" };
  const program = async () => {
    const group = new gitlab.Group(
      "group",
      { name: "infra", path: "infra", visibilityLevel: "internal" },
      { import: ids.group },
    );
    const namespaceId = group.id.apply(Number);
    new gitlab.Project(
      "project",
      {
        name: "The hook",
        path: "ying",
        namespaceId,
        description: "By hand",
        visibilityLevel: "internal",
      },
      { import: ids.project },
    );
  };
  const { servers, stack } = await sceneForTest({ program });
  ids = await makeByHand(servers);
  servers.gitlab.sandbox.requests.reset();

  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(applied.steps).toMatchObject({ "Group group": "import", "Project project": "import" });
  expect(await stack.preview()).toMatchObject({ succeeded: true, steps: {} });
  expect(Object.keys(servers.gitlab.sandbox.requests.counts())).toEqual([
    "GET /groups/:id",
    "GET /projects/:id",
  ]);
});

test("a group and a project made by hand are adopted by the dev stack, which changes only settings", async () => {
  const { servers, stack } = await sceneForTest();
  const ids = await makeByHand(servers);
  const [component, packageProject] = ["trunkline:ci:PackageGroup", "trunkline:ci:PackageProject"];
  const resources = [
    { type: component, name: "packages", component: true },
    { type: packageProject, name: "ying", component: true },
    { type: "gitlab:index/group:Group", name: "packages-group", id: ids.group, parent: "packages" },
    { type: "gitlab:index/project:Project", name: "ying-project", id: ids.project, parent: "ying" },
  ];
  await stack.import({ resources });

  const preview = await stack.preview();
  expect(preview.steps, preview.text).toMatchObject({
    "Project ying-project": expect.stringMatching(/^update .*\bbuildGitStrategy\b/),
    "RepositoryFile ying-pipeline": "create",
  });
  expect(preview.steps).not.toHaveProperty("Group packages-group");
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(await takeInventory(servers)).toEqual(devStack);
  expect(await servers.gitlab.look("/groups/infra")).toMatchObject({ visibility: "internal" });
  expect(await servers.gitlab.look("/projects/infra%2Fying")).toMatchObject({
    id: Number(ids.project),
    name: "The hook",
    description: "By hand",
    visibility: "internal",
    only_allow_merge_if_pipeline_succeeds: false,
    auto_devops_enabled: true,
    build_git_strategy: "clone",
  });
});

test("a group that is there already is not made again: up says how to import it", async () => {
  const { servers, stack } = await sceneForTest();
  await servers.gitlab.call("POST", "/groups", { name: "infra", path: "infra" });
  const refused = await stack.up();
  expect(refused.succeeded).toBe(false);
  expect(refused.text).toContain("run: pulumi import gitlab:index/group:Group <name> 'infra'");
  expect((await takeInventory(servers)).groups).toEqual(["infra"]);
});

async function makeByHand({ gitlab: server }: Scene["servers"]) {
  const group = await server.call<{ id: number }>("POST", "/groups", {
    name: "infra",
    path: "infra",
    visibility: "internal",
  });
  const project = await server.call<{ id: number }>("POST", "/projects", {
    name: "The hook",
    path: "ying",
    namespace_id: group.id,
    description: "By hand",
    visibility: "internal",
    auto_devops_enabled: true,
  });
  return { group: `${group.id}`, project: `${project.id}` };
}
