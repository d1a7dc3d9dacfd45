import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";

const token = "gitlab:index/getUser:getUser";

let scene: GitLabScene;
beforeAll(async () => {
  scene = await GitLabScene.start();
});
afterAll(async () => {
  await scene?.stop();
});

it("tells a user by name and by number", async () => {
  const expected = { id: "1", userId: 1, username: "root", state: "active" };
  expect(await scene.engine.invoke(token, { username: "root" })).toMatchObject(expected);
  expect(await scene.engine.invoke(token, { userId: 1 })).toMatchObject(expected);
});

it("refuses what is no user", async () => {
  await expect(scene.engine.invoke(token, { username: "nobody" })).rejects.toThrow(
    /^getUser: username "nobody" is no user that the token sees\. Check the spelling/,
  );
});
