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
    "GET /user",
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

test("what is there already is not made again: the commands that up prints take it over, and nothing is lost", async () => {
  const { servers, stack } = await sceneForTest();
  const ids = await makeByHand(servers);
  await servers.gitlab.call("POST", `/projects/${ids.project}/repository/files/README.md`, {
    branch: "main",
    content: "By hand\n",
    commit_message: "Say what it is",
  });
  await servers.gitlab.call("POST", `/groups/${ids.group}/variables`, {
    key: "APT_URL",
    value: "https://apt.example.com/",
  });

  const printed: string[] = [];
  let outcome = await stack.up();
  for (; !outcome.succeeded; outcome = await stack.up()) {
    const commands = importsIn(outcome.text).filter((command) => !printed.includes(command));
    expect(commands, outcome.text).not.toEqual([]);
    for (const command of commands) await stack.runLine(command);
    printed.push(...commands);
    const lost = outcome.changes.filter(({ operation }) => /delete|replace/.test(operation));
    expect(lost).toEqual([]);
  }
  expect(printed.map((command) => command.split(" ").slice(2, 5))).toEqual([
    ["gitlab:index/group:Group", "packages-group", "infra"],
    ["gitlab:index/groupVariable:GroupVariable", "packages-APT_URL", `'${ids.group}:APT_URL:*'`],
    ["gitlab:index/project:Project", "ying-project", ids.project],
  ]);
  expect(outcome.changes.filter(({ operation }) => /delete|replace/.test(operation))).toEqual([]);
  const [ci, datahook] = devStack.projects;
  const projects = [ci, datahook, "infra/ying: .gitlab-ci.yml README.md"];
  expect(await takeInventory(servers)).toEqual({ ...devStack, projects });
  expect(await servers.gitlab.look(`/projects/${ids.project}`)).toMatchObject({
    path_with_namespace: "infra/ying",
    archived: false,
  });
  expect(await stack.preview()).toMatchObject({ succeeded: true, steps: {} });
});

function importsIn(text: string): string[] {
  return [...new Set(text.match(/(?<=run: )pulumi import .*--yes/g))];
}

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
