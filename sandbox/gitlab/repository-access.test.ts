import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "./app.ts";
import { createPersonalToken, createUser } from "./seed.ts";

let directory: string;
let sandbox: Sandbox;
let id: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "repository-access-"));
  sandbox = await createSandbox({ directory });
  const made = await ask(sandbox.rootToken, "POST", "/projects", {
    name: "p",
    initialize_with_readme: true,
  });
  ({ id } = JSON.parse(made.body));
  await ask(sandbox.rootToken, "POST", `/projects/${id}/protected_tags`, { name: "v*" });
  await ask(sandbox.rootToken, "POST", `/projects/${id}/repository/branches`, {
    branch: "topic",
    ref: "main",
  });
});
afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true });
});

async function ask(token: string, method: string, path: string, body?: unknown) {
  const answer = await sandbox.fetch(`http://gitlab.test/api/v4${path}`, {
    method,
    headers: {
      "private-token": token,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.text() };
}

/** The token of a new user with a role in the project. */
function member(level: number, scopes = ["api"]): string {
  const context = { store: sandbox.store, directory, deletesAtOnce: false, now: () => new Date() };
  const username = `user-${sandbox.store.users.all().length}`;
  const user = createUser(context, { username, name: username });
  sandbox.store.members.insert({
    parent: { kind: "project", id },
    user_id: user.id,
    access_level: level,
    created_at: "2026-01-01T00:00:00.000Z",
    expires_at: null,
  });
  return createPersonalToken(context, user, { scopes }).token;
}

const change = (branch: string) => ({
  branch,
  commit_message: "x",
  actions: [{ action: "create", file_path: "made-by-a-member", content: "x" }],
});

describe("Which role reads the repository?", () => {
  test.each<[string, number, number]>([
    ["a guest does not", 10, 403],
    ["a reporter does", 20, 200],
  ])("%s", async (_, level, status) => {
    const token = member(level);
    for (const path of ["tree", "commits", "branches", "tags", "files/README.md?ref=main"]) {
      const answer = await ask(token, "GET", `/projects/${id}/repository/${path}`);
      expect([path, answer.status]).toEqual([path, status]);
    }
  });

  test("a token for repositories alone does", async () => {
    const token = member(20, ["read_repository"]);
    const file = await ask(token, "GET", `/projects/${id}/repository/files/README.md?ref=main`);
    expect(file.status).toBe(200);
  });
});

describe("Which role writes to the repository?", () => {
  test("a reporter does not", async () => {
    const token = member(20);
    const answers = [
      await ask(token, "POST", `/projects/${id}/repository/commits`, change("topic")),
      await ask(token, "POST", `/projects/${id}/repository/branches`, { branch: "r", ref: "main" }),
      await ask(token, "DELETE", `/projects/${id}/repository/branches/topic`),
      await ask(token, "POST", `/projects/${id}/repository/tags`, { tag_name: "r", ref: "main" }),
      await ask(token, "POST", `/projects/${id}/ci/lint`, { content: "a: {script: x}" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });

  test("a developer does, except where a protection says otherwise", async () => {
    const token = member(30);
    const commits = `/projects/${id}/repository/commits`;
    expect((await ask(token, "POST", commits, change("topic"))).status).toBe(201);
    expect(await ask(token, "POST", commits, change("main"))).toEqual({
      status: 403,
      body: '{"message":"403 Forbidden - You are not allowed to push into this branch"}',
    });
    const tag = await ask(token, "POST", `/projects/${id}/repository/tags`, {
      tag_name: "v1",
      ref: "main",
    });
    expect(tag).toEqual({
      status: 400,
      body: '{"message":"You are not allowed to create this tag as it is protected."}',
    });
    const branches = `/projects/${id}/repository/branches`;
    const protections = `/projects/${id}/protected_branches`;
    await ask(sandbox.rootToken, "POST", protections, { name: "keep*" });
    await ask(sandbox.rootToken, "POST", branches, { branch: "keep", ref: "main" });
    expect((await ask(token, "POST", branches, { branch: "keep2", ref: "main" })).status).toBe(400);
    expect((await ask(token, "DELETE", `${branches}/keep`)).status).toBe(400);
    expect((await ask(member(40), "DELETE", `${branches}/keep`)).status).toBe(204);
  });

  test("nobody does once the project is archived", async () => {
    await ask(sandbox.rootToken, "POST", `/projects/${id}/archive`);
    const commits = `/projects/${id}/repository/commits`;
    expect((await ask(member(40), "POST", commits, change("main"))).status).toBe(403);
  });
});
