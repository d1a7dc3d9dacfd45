import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "./app.ts";

let directory: string;
let sandbox: Sandbox;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "sandbox-"));
  sandbox = await createSandbox({ directory });
});

afterEach(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

function ask(path: string, init: RequestInit = {}) {
  return sandbox.fetch(`http://gitlab.test/api/v4${path}`, {
    ...init,
    headers: { "private-token": sandbox.rootToken, ...init.headers },
  });
}

test("An unknown route is 501, never a 404 that reads as gone", async () => {
  const answer = await ask("/nowhere/1?x=1");
  expect(answer.status).toBe(501);
  expect(await answer.json()).toEqual({
    error: "sandbox: GET /api/v4/nowhere/1 is not implemented",
  });
});

test("An unknown field is 400 and is named with its route", async () => {
  const answer = await ask("/users", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "amy", name: "Amy", email: "amy@example.com", hat: 1 }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    error: 'sandbox: POST /users does not know the field "hat"',
  });
});

test("A second start on the same folder knows the same token and rows", async () => {
  await sandbox.close();
  const again = await createSandbox({ directory });
  expect(again.rootToken).toBe(sandbox.rootToken);
  expect(again.store.users.all()).toEqual(sandbox.store.users.all());
  await again.close();
});

test("Requests are counted by route template", async () => {
  await ask("/users/1");
  await ask("/users/2");
  expect(sandbox.requests.count("GET /users/:id")).toBe(2);
  sandbox.requests.reset();
  expect(sandbox.requests.total()).toBe(0);
});

test("An injected answer befalls the matching request once", async () => {
  sandbox.faults.next({
    method: "GET",
    path: "/user",
    reply: { status: 429, headers: { "retry-after": "1" }, body: "Retry later" },
  });
  const refused = await ask("/user");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await ask("/user")).status).toBe(200);
});

test("The instance is the free tier of GitLab 18", async () => {
  expect(await (await ask("/metadata")).json()).toMatchObject({
    version: expect.stringMatching(/^18\./),
    enterprise: false,
  });
});

test("A dropped answer belongs to a request that was carried out", async () => {
  const base = await sandbox.listen();
  const make = async (send: typeof fetch, path: string) =>
    send(`${base}/api/v4/groups`, {
      method: "POST",
      headers: { "private-token": sandbox.rootToken, "content-type": "application/json" },
      body: JSON.stringify({ name: path, path }),
    });
  sandbox.faults.next({ method: "POST", path: "/groups", times: 2, reply: "drop" });
  const lost = { name: "TypeError", cause: { code: "ECONNRESET" } };
  await expect(make(sandbox.fetch, "one")).rejects.toMatchObject(lost);
  await expect(make(fetch, "two")).rejects.toMatchObject(lost);
  expect((await ask("/groups/one")).status).toBe(200);
  expect((await ask("/groups/two")).status).toBe(200);
});

test("A lost connection rejects in process and over a socket", async () => {
  const base = await sandbox.listen();
  sandbox.faults.next({ path: "/user", times: 2, reply: "reset" });
  const lost = { name: "TypeError", cause: { code: "ECONNRESET" } };
  await expect(ask("/user")).rejects.toMatchObject(lost);
  await expect(fetch(`${base}/api/v4/user`)).rejects.toMatchObject(lost);
});

test("A request that hangs ends with its caller's signal", async () => {
  sandbox.faults.next({ path: "/user", reply: "hang" });
  const signal = AbortSignal.timeout(20);
  await expect(ask("/user", { signal })).rejects.toMatchObject({ name: "TimeoutError" });
});

test("Deleting at once leaves nothing marked, of groups and projects", async () => {
  await sandbox.close();
  sandbox = await createSandbox({ directory, deletesAtOnce: true });
  const create = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { id: number }).id;
  };
  const group = await create("/groups", { name: "infra", path: "infra" });
  const project = await create("/projects", { name: "ying", namespace_id: group });
  expect((await ask(`/projects/${project}`, { method: "DELETE" })).status).toBe(202);
  expect((await ask(`/projects/${project}`)).status).toBe(404);
  expect((await ask(`/groups/${group}`, { method: "DELETE" })).status).toBe(202);
  expect((await ask(`/groups/${group}`)).status).toBe(404);
});
