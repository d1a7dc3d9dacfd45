import { beforeAll, expect, test } from "vitest";
import { unique, useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject({ initialize_with_readme: true }));
});

const branches = (name = "") =>
  `/projects/${id}/repository/branches${name && `/${encodeURIComponent(name)}`}`;

test("A branch starts from another and is shown with its commit", async () => {
  const branch = unique("topic/one");
  const made = await ask("POST", branches(), { branch, ref: "main" });
  expect(made.status).toBe(201);
  const { status, body } = await ask("GET", branches(branch));
  expect([status, body]).toEqual([200, made.body]);
  expect(body).toMatchObject({
    name: branch,
    protected: false,
    default: false,
    can_push: true,
    merged: true,
    commit: { title: "Initial commit" },
  });
});

test("The default branch is protected once it exists", async () => {
  await expect
    .poll(async () => (await ask("GET", branches("main"))).body)
    .toMatchObject({ default: true, protected: true, developers_can_push: false, merged: false });
});

test("A branch with a commit of its own is not merged", async () => {
  const branch = unique("ahead");
  await ask("POST", `/projects/${id}/repository/commits`, {
    branch,
    start_branch: "main",
    commit_message: "Ahead",
    actions: [{ action: "create", file_path: "ahead", content: "x" }],
  });
  expect((await ask("GET", branches(branch))).body.merged).toBe(false);
});

test("Branches are listed and searched by name", async () => {
  const branch = unique("searched");
  await ask("POST", branches(), { branch, ref: "main" });
  const names = async (search: string) =>
    (await ask("GET", `${branches()}?search=${encodeURIComponent(search)}`)).body.map(
      (row: { name: string }) => row.name,
    );
  expect(await names(branch.slice(2))).toEqual([branch]);
  expect(await names("^main")).toEqual(["main"]);
  expect(await names("^ain")).toEqual([]);
});

test("A taken name, a bad name and an unknown start are refused", async () => {
  const attempt = async (branch: string, ref: string) => {
    const { status, body } = await ask("POST", branches(), { branch, ref });
    return [status, body.message];
  };
  expect(await attempt("main", "main")).toEqual([400, "Branch already exists"]);
  expect(await attempt("a..b", "main")).toEqual([400, "Branch name is invalid"]);
  expect(await attempt(unique("x"), "nowhere")).toEqual([400, "Invalid reference name: nowhere"]);
});

test("A deleted branch is 404, and the default one is not deleted", async () => {
  const branch = unique("short");
  await ask("POST", branches(), { branch, ref: "main" });
  expect((await ask("DELETE", branches(branch))).status).toBe(204);
  const gone = await ask("GET", branches(branch));
  expect([gone.status, gone.body]).toEqual([404, { message: "404 Branch Not Found" }]);
  expect((await ask("DELETE", branches(branch))).status).toBe(404);
  expect((await ask("DELETE", branches("main"))).status).toBe(400);
  expect((await ask("GET", branches("main"))).status).toBe(200);
});
