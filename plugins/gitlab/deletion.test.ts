import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import { GitLab } from "./client.ts";
import { markForDeletion, removeForGood } from "./deletion.ts";

let scene: GitLabScene;
let api: GitLab;
beforeAll(async () => {
  scene = await GitLabScene.start();
  const { baseUrl, sandbox } = scene;
  api = new GitLab({ baseUrl, token: sandbox.rootToken, retries: 0, pollDelay: 1 });
});
afterAll(async () => {
  await scene?.stop();
});

async function createProject(name: string): Promise<string> {
  const { id } = await scene.call("POST", "/projects", { name });
  return `/projects/${id}`;
}

const deletion = { method: "DELETE", path: "/projects/:id" };
const deletions = () => scene.sandbox.requests.count("DELETE /projects/:id");

it("is done when the object is gone, or marked already", async () => {
  const url = await createProject("twice");
  await markForDeletion(api, url);
  scene.sandbox.requests.reset();
  await markForDeletion(api, url);
  await markForDeletion(api, "/projects/4711");
  await removeForGood(api, "/projects/4711");
  expect(deletions()).toBe(0);
});

it("waits for the mark when GitLab sets it in the background", async () => {
  const url = await createProject("slow");
  const row = await scene.look(url);
  scene.sandbox.requests.reset();
  const stillThere = { status: 200, body: { ...row, marked_for_deletion_at: null } };
  scene.sandbox.faults.next({ method: "GET", path: "/projects/:id", times: 3, reply: stillThere });
  await markForDeletion(api, url);
  expect(scene.sandbox.requests.count("GET /projects/:id")).toBe(4);
});

it("takes the refusal of a repeated call for what it is", async () => {
  const url = await createProject("repeated");
  const row = await scene.look(url);
  await scene.call("DELETE", url);
  scene.sandbox.faults.next({
    method: "GET",
    path: "/projects/:id",
    reply: { status: 200, body: row },
  });
  await expect(markForDeletion(api, url)).resolves.toBeUndefined();
});

it("has nothing left to do in a project that is marked, where GitLab refuses every change", async () => {
  const url = await createProject("leaving");
  await scene.call("POST", `${url}/protected_branches`, { name: "main" });
  const protection = `${url}/protected_branches/main`;
  const reply = { status: 403, body: { message: "403 Forbidden" } };
  scene.sandbox.faults.next({
    method: "DELETE",
    path: "/projects/:id/protected_branches/:name",
    reply,
  });
  await expect(api.remove(protection)).rejects.toThrow("403 Forbidden");
  await scene.call("DELETE", url);
  await expect(api.remove(protection)).resolves.toBeUndefined();
});

it("passes on the refusal of a project that stays", async () => {
  const url = await createProject("kept");
  const body = { message: "Container images are in the way" };
  scene.sandbox.faults.next({ ...deletion, reply: { status: 400, body } });
  await expect(markForDeletion(api, url)).rejects.toThrow(/Container images are in the way/);
});

it("asks once where the first deletion removes at once, as servers before 18 do", async () => {
  const url = await createProject("older");
  await scene.call("DELETE", url);
  const { path_with_namespace } = (await scene.look(url)) ?? {};
  const query = `permanently_remove=true&full_path=${encodeURIComponent(String(path_with_namespace))}`;
  const alive = {
    status: 200,
    body: {
      ...(await scene.look(url)),
      marked_for_deletion_at: null,
      marked_for_deletion_on: null,
    },
  };
  await scene.call("DELETE", `${url}?${query}`);
  scene.sandbox.requests.reset();
  scene.sandbox.faults.next({ method: "GET", path: "/projects/:id", reply: alive });
  scene.sandbox.faults.next({ ...deletion, reply: { status: 202, body: {} } });
  await removeForGood(api, url);
  expect(deletions()).toBe(1);
});
