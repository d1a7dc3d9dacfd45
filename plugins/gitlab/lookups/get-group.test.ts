import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { secret } from "../../../test/support/mini-engine.ts";

const token = "gitlab:index/getGroup:getGroup";

let scene: GitLabScene;
let outer: number;
let inner: number;
beforeAll(async () => {
  scene = await GitLabScene.start();
  outer = Number((await scene.call("POST", "/groups", { name: "Outer", path: "outer" })).id);
  const body = { name: "Inner", path: "inner", parent_id: outer };
  inner = Number((await scene.call("POST", "/groups", body)).id);
});
afterAll(async () => {
  await scene?.stop();
});

it("tells a group by its full path", async () => {
  expect(await scene.engine.invoke(token, { fullPath: "outer/inner" })).toMatchObject({
    id: String(inner),
    groupId: inner,
    parentId: outer,
    name: "Inner",
    fullName: "Outer / Inner",
    runnersToken: secret(expect.any(String)),
  });
});

it("tells a group by its id, 0 standing for no parent", async () => {
  expect(await scene.engine.invoke(token, { groupId: outer })).toMatchObject({
    fullPath: "outer",
    parentId: 0,
  });
});

it("refuses what is no group", async () => {
  await expect(scene.engine.invoke(token, { fullPath: "inner" })).rejects.toThrow(
    /^getGroup: fullPath "inner" is no group that the token sees\. Check the spelling/,
  );
  await expect(scene.engine.invoke(token, {})).rejects.toThrow(
    /groupId and fullPath are both missing/,
  );
});
