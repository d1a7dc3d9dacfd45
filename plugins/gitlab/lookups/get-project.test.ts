import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { secret } from "../../../test/support/mini-engine.ts";

const token = "gitlab:index/getProject:getProject";

let scene: GitLabScene;
let group: number;
let project: number;
beforeAll(async () => {
  scene = await GitLabScene.start();
  group = Number((await scene.call("POST", "/groups", { name: "Infra", path: "infra" })).id);
  const body = { name: "Ying", path: "ying", namespace_id: group };
  project = Number((await scene.call("POST", "/projects", body)).id);
});
afterAll(async () => {
  await scene?.stop();
});

it.each(["path", "id"])("tells a project by its %s", async (by) => {
  const args = by === "id" ? { id: String(project) } : { pathWithNamespace: "infra/ying" };
  expect(await scene.engine.invoke(token, args)).toMatchObject({
    id: String(project),
    pathWithNamespace: "infra/ying",
    name: "Ying",
    namespaceId: group,
    visibilityLevel: "private",
    description: "",
    defaultBranch: "main",
    buildGitStrategy: "fetch",
    runnersToken: secret(expect.any(String)),
  });
});

it.each([
  ["nothing", {}, /^getProject: id and pathWithNamespace are both missing\. Give one/],
  ["both", { id: "1", pathWithNamespace: "infra/ying" }, /are both given/],
  [
    "a path of nothing",
    { pathWithNamespace: "infra/yang" },
    /pathWithNamespace "infra\/yang" is no project that the token sees/,
  ],
])("refuses %s", async (_, args, message) => {
  await expect(scene.engine.invoke(token, args)).rejects.toThrow(message);
});

it("does not tell a project that is marked for deletion", async () => {
  const { id } = await scene.call("POST", "/projects", { name: "gone" });
  await scene.call("DELETE", `/projects/${id}`);
  await expect(scene.engine.invoke(token, { id: String(id) })).rejects.toThrow(/is no project/);
});
