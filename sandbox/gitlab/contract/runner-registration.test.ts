import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;
beforeEach(async () => {
  scene = await RunnerScene.start();
});
afterEach(() => scene.stop());

const ask = (method: string, path: string, body: unknown) =>
  scene.call(method, path, { token: null, body });

test("A registration token of a project makes a runner of it", async () => {
  const { body: project } = await scene.call("POST", "/projects", { body: { name: "p" } });
  const path = `/projects/${project.id}/runners/reset_registration_token`;
  const { body: registration } = await scene.call("POST", path);
  const tags = { token: registration.token, description: "old way", tag_list: "a,b" };
  const { status, body } = await ask("POST", "/runners", tags);
  expect([status, Object.keys(body)]).toEqual([201, ["id", "token", "token_expires_at"]]);
  expect((await scene.call("GET", `/runners/${body.id}`)).body).toMatchObject({
    runner_type: "project_type",
    projects: [{ id: project.id }],
    tag_list: ["a", "b"],
    run_untagged: false,
    description: "old way",
  });
  expect((await ask("POST", "/runners/verify", { token: body.token })).status).toBe(200);
});

test("A wrong registration token and a runner's own register nothing", async () => {
  const { body: project } = await scene.call("POST", "/projects", { body: { name: "p" } });
  const token = await scene.createRunner(project.id);
  for (const wrong of ["GR1348941wrong", token])
    expect(await ask("POST", "/runners", { token: wrong })).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden" },
    });
});

test("A new token replaces the old one", async () => {
  const { body: project } = await scene.call("POST", "/projects", { body: { name: "p" } });
  const token = await scene.createRunner(project.id);
  const { status, body } = await ask("POST", "/runners/reset_authentication_token", { token });
  expect([status, body.token]).toEqual([201, expect.stringMatching(/^glrt-/)]);
  expect((await scene.request(token)).status).toBe(403);
  expect((await scene.request(body.token)).status).toBe(204);
});

test("Who looks after a runner can replace its token too", async () => {
  const { body: project } = await scene.call("POST", "/projects", { body: { name: "p" } });
  const token = await scene.createRunner(project.id);
  const path = `/runners/${scene.sandbox.store.runners.all()[0]?.id}/reset_authentication_token`;
  expect((await scene.call("POST", path, { token: null })).status).toBe(401);
  const { status, body } = await scene.call("POST", path);
  expect([status, body]).toEqual([
    201,
    { token: expect.stringMatching(/^glrt-/), token_expires_at: null },
  ]);
  expect((await scene.request(token)).status).toBe(403);
  expect((await scene.request(body.token)).status).toBe(204);
});

test("A runner takes itself or one of its processes away", async () => {
  const { body: project } = await scene.call("POST", "/projects", { body: { name: "p" } });
  const token = await scene.createRunner(project.id);
  await scene.request(token, { system_id: "s_1", info: { version: "18.1" } });
  expect(scene.sandbox.store.runnerManagers.all()).toMatchObject([
    { system_id: "s_1", version: "18.1" },
  ]);
  const manager = { token, system_id: "s_1" };
  expect((await ask("DELETE", "/runners/managers", manager)).status).toBe(204);
  expect((await ask("DELETE", "/runners/managers", manager)).status).toBe(404);
  expect((await ask("DELETE", "/runners", { token })).status).toBe(204);
  expect((await ask("DELETE", "/runners", { token })).status).toBe(403);
});

test("There is no job router", async () => {
  expect((await scene.call("GET", "/runners/router/discovery", { token: null })).status).toBe(501);
});
