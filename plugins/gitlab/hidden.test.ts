import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import { addMember } from "../../test/support/gitlab-user.ts";
import type { MiniEngine, Stored } from "../../test/support/mini-engine.ts";

const tokens = {
  group: "gitlab:index/group:Group",
  project: "gitlab:index/project:Project",
  variable: "gitlab:index/projectVariable:ProjectVariable",
  groupVariable: "gitlab:index/groupVariable:GroupVariable",
};

let scene: GitLabScene;
let infra: Stored;
let ying: Stored;
let user: Stored;
let url: Stored;
/** A token whose user sees neither the group nor its project. */
let stranger: MiniEngine;
let strangerId: number;

beforeAll(async () => {
  scene = await GitLabScene.start({ deletesAtOnce: true });
  const { engine } = scene;
  infra = await engine.create(tokens.group, "infra", { name: "infra", path: "infra" });
  ying = await engine.create(tokens.project, "ying", {
    name: "ying",
    path: "ying",
    namespaceId: Number(infra.id),
  });
  user = await engine.create(tokens.variable, "user", { project: ying.id, key: "A", value: "1" });
  url = await engine.create(tokens.groupVariable, "url", {
    group: infra.id,
    key: "B",
    value: "2",
  });
  const elsewhere = await scene.call<{ id: number }>("POST", "/projects", { name: "elsewhere" });
  const member = await addMember(scene, "ci-bot", elsewhere.id, 40);
  strangerId = member.id;
  stranger = await scene.connect({ token: member.token });
});
afterAll(async () => {
  await scene?.stop();
});

describe("a token whose user may not see them", () => {
  it("does not make a group gone, and is told what to do", async () => {
    await expect(stranger.refresh(infra)).rejects.toThrow(
      /^Group "infra": gitlab: GET \/groups\/\d+ answered 404: the token's user, ci-bot, may not see it, or it is gone\. Nothing was taken out of the state\. Give ci-bot a role in the group; or, if it was deleted, run: pulumi state delete --target-dependents 'urn:infra'$/,
    );
  });

  it("does not make a project gone", async () => {
    await expect(stranger.refresh(ying)).rejects.toThrow(
      /^Project "ying": .*the token's user, ci-bot, may not see it, or it is gone/,
    );
  });

  it("does not make gone what lies in them", async () => {
    expect(await stranger.refresh(user)).toEqual(user);
    expect(await stranger.refresh(url)).toEqual(url);
  });

  it("finds nothing to import, as ever", async () => {
    expect(await stranger.import(tokens.project, "ying", ying.id)).toBeUndefined();
  });
});

describe("what was deleted by hand", () => {
  it("is gone where its project is there", async () => {
    await scene.call("DELETE", `/projects/${ying.id}/variables/A`);
    expect(await scene.engine.refresh(user)).toBeUndefined();
  });

  it("is gone, for a project, where the token's user is a member of its group", async () => {
    await scene.call("DELETE", `/projects/${ying.id}`);
    const guest = { user_id: strangerId, access_level: 10 };
    await scene.call("POST", `/groups/${infra.id}/members`, guest);
    expect(await stranger.refresh(ying)).toBeUndefined();
  });

  it("is gone, for a project, where the token's user is an administrator", async () => {
    const administrator = await scene.connect();
    expect(await administrator.refresh(ying)).toBeUndefined();
  });
});
