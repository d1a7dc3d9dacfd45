import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../app.ts";

let root: string;
let sandbox: Sandbox;
let base: string;
let project: { id: number; path_with_namespace: string; path: string };
let sequence = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "smart-http-"));
  sandbox = await createSandbox({ directory: join(root, "data") });
  base = await sandbox.listen();
});
afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  project = await ask("POST", "/projects", {
    name: `project-${++sequence}`,
    initialize_with_readme: true,
  });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
async function ask(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await fetch(`${base}/api/v4${path}`, {
    method,
    headers: { "private-token": sandbox.rootToken, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

/** The address of the project's repository; `login` is `user:token`, or empty for none. */
function address(login: string, path = project.path_with_namespace): string {
  const url = new URL(`${base}/${path}.git`);
  const [user = "", token = ""] = login.split(":");
  url.username = user;
  url.password = token;
  return url.href;
}

const asRoot = () => `any-name:${sandbox.rootToken}`;

async function git(directory: string, ...args: string[]) {
  const identity = ["-c", "user.name=Bo", "-c", "user.email=bo@example.com"];
  const result = await execa("git", [...identity, ...args], {
    cwd: directory,
    reject: false,
    extendEnv: false,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: root,
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_NOSYSTEM: "1",
    },
  });
  return { ok: !result.failed, stdout: result.stdout, stderr: result.stderr };
}

async function clone(login = asRoot()): Promise<string> {
  const directory = join(root, `clone-${++sequence}`);
  const result = await git(root, "clone", address(login), directory);
  if (!result.ok) throw new Error(result.stderr);
  return directory;
}

async function commitFile(directory: string, path: string, content: string): Promise<void> {
  await writeFile(join(directory, path), content);
  await git(directory, "add", path);
  const result = await git(directory, "commit", "-m", `Write ${path}`);
  if (!result.ok) throw new Error(result.stderr);
}

/** Makes a user with a role in the project; gives a login with the given scopes. */
async function createLogin(level: number, scopes: string[]): Promise<string> {
  const username = `user-${++sequence}`;
  const user = await ask("POST", "/users", {
    username,
    name: username,
    email: `${username}@example.com`,
    force_random_password: true,
  });
  if (level > 0) {
    sandbox.store.members.insert({
      parent: { kind: "project", id: project.id },
      user_id: user.id,
      access_level: level,
      created_at: "2026-01-01T00:00:00.000Z",
      expires_at: null,
    });
  }
  return `x:${createToken(user.id, scopes)}`;
}

function createToken(userId: number, scopes: string[], revoked = false): string {
  return sandbox.store.accessTokens.insert({
    user_id: userId,
    project_id: null,
    name: "test",
    description: null,
    token: `glpat-test-${++sequence}`,
    scopes,
    access_level: 0,
    revoked,
    created_at: "2026-01-01T00:00:00.000Z",
    last_used_at: null,
    expires_at: null,
    rotated_from: null,
  }).token;
}

function createDeployToken(
  parentId: number,
  scopes: string[],
  more: { expires_at?: string; revoked?: boolean } = {},
): string {
  const { username, token } = sandbox.store.deployTokens.insert({
    parent: { kind: "project", id: parentId },
    name: "deploy",
    username: `gitlab+deploy-token-${++sequence}`,
    token: `gldt-${sequence}`,
    scopes,
    expires_at: null,
    revoked: false,
    ...more,
  });
  return `${username}:${token}`;
}

test("What does a clone hold? What the REST API committed", async () => {
  await ask("POST", `/projects/${project.id}/repository/commits`, {
    branch: "main",
    commit_message: "Add",
    actions: [{ action: "create", file_path: "a.txt", content: "from rest" }],
  });
  const directory = await clone();
  expect(await readFile(join(directory, "a.txt"), "utf8")).toBe("from rest");
});

test("What does the REST API read after a push? What was pushed, also when it is large", async () => {
  const directory = await clone();
  const content = `${"pushed ".repeat(500_000)}`;
  await commitFile(directory, "b.txt", content);
  expect(await git(directory, "push", "origin", "main")).toMatchObject({ ok: true });
  const file = await ask("GET", `/projects/${project.id}/repository/files/b.txt?ref=main`);
  expect(Buffer.from(file.content, "base64").toString()).toBe(content);
});

test("Is a compressed request read? Yes, git compresses long requests", async () => {
  const { commit } = await ask("GET", `/projects/${project.id}/repository/branches/main`);
  const lines = [packetLine(`want ${commit.id} no-progress\n`), "0000", packetLine("done\n")];
  const answer = await fetch(`${address("")}/git-upload-pack`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(asRoot()).toString("base64")}`,
      "content-type": "application/x-git-upload-pack-request",
      "content-encoding": "gzip",
    },
    body: gzipSync(lines.join("")),
  });
  expect(answer.headers.get("content-type")).toBe("application/x-git-upload-pack-result");
  expect(await answer.text()).toMatch(/^0008NAK\nPACK/);
});

/** A line of git's wire format: its length in hexadecimal, then the text. */
function packetLine(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, "0")}${text}`;
}

test("Which branch is the default of a repository first pushed to? The one pushed", async () => {
  project = await ask("POST", "/projects", { name: `empty-${++sequence}` });
  const directory = await clone();
  await git(directory, "checkout", "-b", "trunk");
  await commitFile(directory, "a", "a");
  expect(await git(directory, "push", "origin", "trunk")).toMatchObject({ ok: true });
  expect(await ask("GET", `/projects/${project.id}`)).toMatchObject({
    default_branch: "trunk",
    empty_repo: false,
  });
  const branch = await ask("GET", `/projects/${project.id}/repository/branches/trunk`);
  expect(branch).toMatchObject({ default: true, protected: true });
});

describe("who may fetch?", () => {
  test.each<[string, () => string | Promise<string>, RegExp | undefined]>([
    ["a token with any user name", asRoot, undefined],
    ["nobody, from a private project", () => "", /could not read Username/],
    ["a wrong token", () => "x:wrong", /HTTP Basic: Access denied/],
    ["a token without a user name", () => `:${sandbox.rootToken}`, /Access denied|Username/],
    ["a revoked token", () => `x:${createToken(1, ["api"], true)}`, /HTTP Basic: Access denied/],
    ["a reporter who may read", () => createLogin(20, ["read_repository"]), undefined],
    ["a guest of a private project", () => createLogin(10, ["api"]), /403/],
    ["a token for something else", () => createLogin(30, ["read_user"]), /403/],
    ["a stranger", () => createLogin(0, ["api"]), /could not be found|not found/],
    [
      "the project's deploy token",
      () => createDeployToken(project.id, ["read_repository"]),
      undefined,
    ],
    [
      "its deploy token for the registry",
      () => createDeployToken(project.id, ["read_registry"]),
      /403/,
    ],
    [
      "a revoked deploy token",
      () => createDeployToken(project.id, ["read_repository"], { revoked: true }),
      /HTTP Basic: Access denied/,
    ],
    [
      "an expired deploy token",
      () =>
        createDeployToken(project.id, ["read_repository"], { expires_at: "2020-01-01T00:00:00Z" }),
      /HTTP Basic: Access denied/,
    ],
    [
      "another project's deploy token",
      () => createDeployToken(9999, ["read_repository"]),
      /not found/,
    ],
  ])("%s", async (_, login, refusal) => {
    const result = await git(root, "ls-remote", address(await login()));
    expect(result.ok).toBe(refusal === undefined);
    if (refusal) expect(result.stderr).toMatch(refusal);
  });

  test("anybody, from a public project", async () => {
    await ask("PUT", `/projects/${project.id}`, { visibility: "public" });
    expect(await git(root, "ls-remote", address(""))).toMatchObject({ ok: true });
  });
});

test("What does the first answer ask for? Basic credentials of GitLab", async () => {
  const answer = await fetch(`${address("")}/info/refs?service=git-upload-pack`);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe('Basic realm="GitLab"');
});

test("Is a project's number an address? No, only its path is", async () => {
  const result = await git(root, "ls-remote", address(asRoot(), `${project.id}`));
  expect(result.ok).toBe(false);
});

test("Does a project that is missing answer strangers otherwise than a private one? No", async () => {
  const query = "info/refs?service=git-upload-pack";
  const [missing, hidden] = await Promise.all([
    fetch(`${address("", "no/where")}/${query}`),
    fetch(`${address("")}/${query}`),
  ]);
  expect([missing.status, await missing.text()]).toEqual([hidden.status, await hidden.text()]);
});

describe("who may push?", () => {
  async function push(login: string, ...args: string[]) {
    const directory = await clone();
    await commitFile(directory, "c.txt", `${++sequence}`);
    return git(directory, "push", address(login), ...args);
  }

  test.each<[string, () => string | Promise<string>, string, RegExp | undefined]>([
    [
      "a developer, to a branch of their own",
      () => createLogin(30, ["write_repository"]),
      "HEAD:topic",
      undefined,
    ],
    [
      "a developer, to a protected branch",
      () => createLogin(30, ["api"]),
      "HEAD:main",
      /GitLab: You are not allowed to push code to protected branches on this project\./,
    ],
    ["a maintainer, to a protected branch", () => createLogin(40, ["api"]), "HEAD:main", undefined],
    ["a reporter", () => createLogin(20, ["api"]), "HEAD:topic", /403/],
    ["a token that only reads", () => createLogin(40, ["read_repository"]), "HEAD:topic", /403/],
    [
      "a deploy token",
      () => createDeployToken(project.id, ["read_repository"]),
      "HEAD:topic",
      /403/,
    ],
    ["nobody", () => "", "HEAD:topic", /could not read Username/],
    [
      "a maintainer who deletes the default branch",
      asRoot,
      ":main",
      /The default branch of a project cannot be deleted/,
    ],
  ])("%s", async (_, login, what, refusal) => {
    const result = await push(await login(), what);
    expect(result.ok).toBe(refusal === undefined);
    if (refusal) expect(result.stderr).toMatch(refusal);
  });

  test("nobody, once the project is archived", async () => {
    await ask("POST", `/projects/${project.id}/archive`);
    expect((await push(asRoot(), "HEAD:topic")).stderr).toMatch(/403/);
  });

  test("nobody rewrites a protected branch, unless that is allowed", async () => {
    const directory = await clone();
    await git(directory, "commit", "--amend", "-m", "rewritten");
    const refused = await git(directory, "push", "--force", address(asRoot()), "HEAD:main");
    expect(refused.stderr).toMatch(/not allowed to force push code to a protected branch/);
    await ask("PATCH", `/projects/${project.id}/protected_branches/main`, {
      allow_force_push: true,
    });
    const allowed = await git(directory, "push", "--force", address(asRoot()), "HEAD:main");
    expect(allowed).toMatchObject({ ok: true });
  });

  test("nobody deletes a protected branch", async () => {
    await ask("POST", `/projects/${project.id}/protected_branches`, { name: "keep*" });
    expect((await push(asRoot(), "HEAD:keep")).ok).toBe(true);
    expect((await push(asRoot(), ":keep")).stderr).toMatch(
      /You can only delete protected branches using the web interface/,
    );
  });

  test("a wildcard that forbids gives way to a rule that allows", async () => {
    await ask("POST", `/projects/${project.id}/protected_branches`, {
      name: "*",
      push_access_level: 0,
    });
    expect((await push(asRoot(), "HEAD:topic")).ok).toBe(false);
    expect((await push(asRoot(), "HEAD:main")).ok).toBe(true);
  });

  test("a protected tag is made by those allowed, and never moved", async () => {
    await ask("POST", `/projects/${project.id}/protected_tags`, { name: "v*" });
    const developer = await createLogin(30, ["api"]);
    const refused = await push(developer, "HEAD:refs/tags/v1");
    expect(refused.stderr).toMatch(/not allowed to create this tag as it is protected/);
    expect((await push(asRoot(), "HEAD:refs/tags/v1")).ok).toBe(true);
    const moved = await push(asRoot(), "--force", "HEAD:refs/tags/v1");
    expect(moved.stderr).toMatch(/Protected tags cannot be updated/);
  });
});

test("What happens to git when the client goes away? It is ended", async () => {
  const { hostname, port } = new URL(base);
  const login = Buffer.from(asRoot()).toString("base64");
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      `POST /${project.path_with_namespace}.git/git-upload-pack HTTP/1.1`,
      `Host: ${hostname}`,
      `Authorization: Basic ${login}`,
      "Content-Type: application/x-git-upload-pack-request",
      "Content-Length: 1000",
      "",
      "0011",
    ].join("\r\n"),
  );
  await expect.poll(backends).toHaveLength(1);
  socket.destroy();
  await expect.poll(backends).toHaveLength(0);

  async function backends(): Promise<string[]> {
    const { stdout } = await execa("ps", ["-o", "args=", "--ppid", `${process.pid}`]);
    return stdout.split("\n").filter((line) => line.includes("http-backend"));
  }
});
