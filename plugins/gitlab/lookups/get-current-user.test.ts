import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";

const token = "gitlab:index/getCurrentUser:getCurrentUser";

let scene: GitLabScene;
beforeAll(async () => {
  scene = await GitLabScene.start();
  await scene.call("POST", "/groups", { name: "infra", path: "infra" });
});
afterAll(async () => {
  await scene?.stop();
});

it("tells whose token it is, in numbers and in GraphQL's ids", async () => {
  const [own] = await scene.call<{ id: number }[]>("GET", "/namespaces?search=root");
  expect(await scene.engine.invoke(token, {})).toEqual({
    id: "1",
    globalId: "gid://gitlab/User/1",
    username: "root",
    name: "Administrator",
    publicEmail: "",
    bot: false,
    namespaceId: `${own?.id}`,
    globalNamespaceId: `gid://gitlab/Namespaces::UserNamespace/${own?.id}`,
    groupCount: 1,
  });
});

it("tells another user for another token", async () => {
  const project = await addProject(scene, "datahook");
  const { id, token: other } = await addMember(scene, "colleague", project, 40);
  const engine = await scene.connect({ token: other });
  expect(await engine.invoke(token, {})).toMatchObject({ id: `${id}`, username: "colleague" });
});

it("says what to do when the token is none", async () => {
  const engine = await scene.connect({ token: "glpat-wrong" });
  await expect(engine.invoke(token, {})).rejects.toThrow(
    "gitlab: GET /user answered 401: 401 Unauthorized. Check the token: pulumi config set --secret gitlab:token, or GITLAB_TOKEN.",
  );
});
