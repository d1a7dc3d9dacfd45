import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import type { Metadata } from "../client.ts";

const token = "gitlab:index/getMetadata:getMetadata";

let scene: GitLabScene;
beforeAll(async () => {
  scene = await GitLabScene.start();
});
afterAll(async () => {
  await scene?.stop();
});

it("tells version and edition, with texts where GitLab has nothing", async () => {
  const { version, revision } = await scene.call<Metadata>("GET", "/metadata");
  expect(await scene.engine.invoke(token, {})).toEqual({
    id: "1",
    version,
    revision,
    enterprise: false,
    kas: { enabled: false, externalUrl: "", externalK8sProxyUrl: "", version: "" },
  });
});

it("asks once however often it is called", async () => {
  const engine = await scene.connect();
  scene.sandbox.requests.reset();
  await Promise.all([engine.invoke(token, {}), engine.invoke(token, {})]);
  await engine.invoke(token, {});
  expect(scene.sandbox.requests.counts()).toEqual({ "GET /user": 1, "GET /metadata": 1 });
});
