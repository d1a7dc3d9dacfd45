import { beforeAll, expect, test } from "vitest";
import { unique, useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject({ initialize_with_readme: true }));
});

function commit(actions: unknown[], fields: Record<string, unknown> = {}) {
  return ask("POST", `/projects/${id}/repository/commits`, {
    branch: "main",
    commit_message: "Change\n\nfor a reason",
    actions,
    ...fields,
  });
}

async function paths(ref = "main"): Promise<string[]> {
  const { body } = await ask("GET", `/projects/${id}/repository/tree?ref=${ref}&recursive=true`);
  return body.map((row: { path: string }) => row.path);
}

test("Many actions make one commit", async () => {
  const branch = unique("many");
  const { status, body } = await commit(
    [
      { action: "create", file_path: "a", content: "1\n2\n" },
      { action: "create", file_path: "bin/b", content: "3\n", execute_filemode: true },
      { action: "delete", file_path: "README.md" },
    ],
    { branch, start_branch: "main" },
  );
  expect(status).toBe(201);
  expect(body).toMatchObject({
    title: "Change",
    message: "Change\n\nfor a reason",
    project_id: id,
    parent_ids: [expect.stringMatching(/^[0-9a-f]{40}$/)],
  });
  expect(body.short_id).toBe(body.id.slice(0, 8));
  expect((await paths(branch)).toSorted()).toEqual(["a", "bin", "bin/b"]);
  const one = await ask("GET", `/projects/${id}/repository/commits/${branch}`);
  expect(one.body).toEqual(body);
});

test("A commit with one impossible action leaves nothing", async () => {
  const before = await paths();
  const { status, body } = await commit([
    { action: "create", file_path: "half", content: "x" },
    { action: "update", file_path: "missing", content: "x" },
  ]);
  expect([status, body]).toEqual([400, { message: "A file with this name doesn't exist" }]);
  expect(await paths()).toEqual(before);
});

test("An action that names an older commit of its file is refused", async () => {
  const first = await commit([{ action: "create", file_path: "guarded", content: "1" }]);
  await commit([{ action: "update", file_path: "guarded", content: "2" }]);
  const last_commit_id = first.body.id;
  const { status, body } = await commit([
    { action: "update", file_path: "guarded", content: "3", last_commit_id },
  ]);
  expect([status, body]).toEqual([
    400,
    { message: "The file has changed since you started editing it: guarded" },
  ]);
});

test("start_branch does not start a branch that exists", async () => {
  const branch = unique("twice");
  const actions = [{ action: "create", file_path: branch, content: "x" }];
  await commit(actions, { branch, start_branch: "main" });
  const { status, body } = await commit(actions, { branch, start_branch: "main" });
  expect(status).toBe(400);
  expect(body.message).toBe(
    `A branch called '${branch}' already exists. Switch to that branch in order to make changes`,
  );
});

test("A branch that nobody may push to is 403", async () => {
  const closed = await createProject({ initialize_with_readme: true });
  const protections = `/projects/${closed.id}/protected_branches`;
  await ask("DELETE", `${protections}/main`);
  await ask("POST", protections, { name: "main", push_access_level: 0 });
  const { status, body } = await ask("POST", `/projects/${closed.id}/repository/commits`, {
    branch: "main",
    commit_message: "x",
    actions: [{ action: "create", file_path: "a", content: "x" }],
  });
  expect([status, body]).toEqual([
    403,
    { message: "403 Forbidden - You are not allowed to push into this branch" },
  ]);
});

test("Faulty parameters are named with their place", async () => {
  const update = await commit([{ action: "update", file_path: "a" }]);
  expect([update.status, update.body]).toEqual([400, { error: "actions[0][content] is missing" }]);
  const action = await commit([{ action: "burn", file_path: "a" }]);
  expect(action.body).toEqual({ error: "actions[0][action] does not have a valid value" });
});

test("Commits are listed newest first, by path and by branch", async () => {
  await commit([{ action: "create", file_path: "listed", content: "1" }], {
    commit_message: "one",
  });
  await commit([{ action: "update", file_path: "listed", content: "2" }], {
    commit_message: "two",
  });
  const { body } = await ask("GET", `/projects/${id}/repository/commits?path=listed&ref_name=main`);
  expect(body.map((row: { title: string }) => row.title)).toEqual(["two", "one"]);
});

test("An unknown commit is 404", async () => {
  const { status, body } = await ask("GET", `/projects/${id}/repository/commits/nowhere`);
  expect([status, body]).toEqual([404, { message: "404 Commit Not Found" }]);
});

test("Twenty commits at once on one branch lose nothing: each lands or is told to try again", async () => {
  const branch = unique("crowd");
  await commit([], { branch, start_branch: "main" });
  const before = await paths(branch);
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const path = `crowd-${at}`;
      const answer = await commit([{ action: "create", file_path: path, content: "x" }], {
        branch,
      });
      return { path, ...answer };
    }),
  );
  const landed = answers.filter(({ status }) => status === 201).map(({ path }) => path);
  const refused = answers.filter(({ status }) => status !== 201).map(({ body }) => body);
  expect((await paths(branch)).toSorted()).toEqual([...before, ...landed].toSorted());
  expect(landed.length).toBeGreaterThan(0);
  for (const body of refused)
    expect(body).toEqual({
      message: `Could not update refs/heads/${branch}. Please refresh and try again.`,
    });
});
