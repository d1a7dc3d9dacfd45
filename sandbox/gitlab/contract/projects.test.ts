import { expect, test } from "vitest";
import { unique, useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();

test("A new project is 201 with GitLab's defaults", async () => {
  const group = await createGroup();
  const name = unique("Data Hook");
  const { status, body } = await ask("POST", "/projects", { name, namespace_id: group.id });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    name,
    path: name.toLowerCase().replaceAll(" ", "-"),
    build_git_strategy: "fetch",
    build_timeout: 3600,
    merge_method: "merge",
    empty_repo: true,
    default_branch: "main",
  });
  expect(body.path_with_namespace).toBe(`${group.full_path}/${body.path}`);
  expect(body.http_url_to_repo).toBe(`${body.web_url}.git`);
});

test("POST drops what only PUT takes", async () => {
  const { id } = await createProject({ ci_default_git_depth: 3 });
  expect((await ask("GET", `/projects/${id}`)).body.ci_default_git_depth).toBe(20);
  const changed = await ask("PUT", `/projects/${id}`, { ci_default_git_depth: 3 });
  expect([changed.status, changed.body.ci_default_git_depth]).toEqual([200, 3]);
});

test("Parameters are refused by name", async () => {
  const nameless = await ask("POST", "/projects", {});
  expect([nameless.status, nameless.body]).toEqual([
    400,
    { error: "name, path are missing, at least one parameter must be provided" },
  ]);
  const strategy = await ask("POST", "/projects", { name: "x", build_git_strategy: "copy" });
  expect(strategy.body).toEqual({ error: "build_git_strategy does not have a valid value" });
  const timeout = await ask("POST", "/projects", { name: "x", build_timeout: "soon" });
  expect(timeout.body).toEqual({ error: "build_timeout is invalid" });
});

test("Names and paths that break the rules are refused by field", async () => {
  const name = await ask("POST", "/projects", { name: "(bad)", path: "good" });
  expect(name.status).toBe(400);
  expect(Object.keys(name.body.message)).toContain("name");
  const path = await ask("POST", "/projects", { name: "good", path: "a..b" });
  expect(path.body.message.path[0]).toMatch(/^can only include non-accented letters/);
});

test("A taken name and path are refused with three fields", async () => {
  const { path } = await createProject();
  const { status, body } = await ask("POST", "/projects", { name: path, path });
  expect([status, body]).toEqual([
    400,
    {
      message: {
        "project_namespace.name": ["has already been taken"],
        name: ["has already been taken"],
        path: ["has already been taken"],
      },
    },
  ]);
});

test("A namespace nobody has is not valid", async () => {
  const { status, body } = await ask("POST", "/projects", { name: "x", namespace_id: 99_999_999 });
  expect([status, body]).toEqual([400, { message: { namespace: ["is not valid"] } }]);
});

test("An update needs a parameter, and a default branch that exists", async () => {
  const { id } = await createProject();
  const empty = await ask("PUT", `/projects/${id}`, {});
  expect(empty.status).toBe(400);
  expect(empty.body.error).toMatch(/are missing, at least one parameter must be provided$/);
  const branch = await ask("PUT", `/projects/${id}`, { default_branch: "nowhere" });
  expect([branch.status, branch.body]).toEqual([
    400,
    { message: { base: ["Could not change HEAD: branch 'nowhere' does not exist"] } },
  ]);
});

test("A README makes the first commit, whose branch becomes protected", async () => {
  const { id, default_branch } = await createProject({ initialize_with_readme: true });
  expect((await ask("GET", `/projects/${id}`)).body.empty_repo).toBe(false);
  const path = `/projects/${id}/protected_branches/${default_branch}`;
  await expect.poll(async () => (await ask("GET", path)).status).toBe(200);
});

test("Archiving and unarchiving are 201", async () => {
  const { id } = await createProject();
  const on = await ask("POST", `/projects/${id}/archive`);
  const off = await ask("POST", `/projects/${id}/unarchive`);
  expect([on.status, on.body.archived, off.status, off.body.archived]).toEqual([
    201,
    true,
    201,
    false,
  ]);
});

test("A transfer sends readers of the old path on and refuses its writers", async () => {
  const [from, to] = [await createGroup(), await createGroup()];
  const { id, path, path_with_namespace } = await createProject({ namespace_id: from.id });
  const moved = await ask("PUT", `/projects/${id}/transfer`, { namespace: to.full_path });
  expect([moved.status, moved.body.path_with_namespace]).toEqual([200, `${to.full_path}/${path}`]);
  const old = `/projects/${encodeURIComponent(path_with_namespace)}`;
  expect((await ask("GET", old)).body.id).toBe(id);
  const write = await ask("PUT", old, { description: "x" });
  expect([write.status, write.body]).toEqual([
    405,
    { message: "Non GET methods are not allowed for moved projects" },
  ]);
});

test("Deletion marks, is refused once more and is carried out when named in full", async () => {
  const { id, path_with_namespace } = await createProject();
  const remove = (path: string) =>
    ask("DELETE", `/projects/${id}?permanently_remove=true&full_path=${encodeURIComponent(path)}`);
  expect((await remove(path_with_namespace)).body.message).toBe(
    "Project must be marked for deletion first.",
  );
  expect((await ask("DELETE", `/projects/${id}`)).status).toBe(202);
  const renamed = `${path_with_namespace}-deletion_scheduled-${id}`;
  expect((await ask("GET", `/projects/${id}`)).body).toMatchObject({
    path_with_namespace: renamed,
    archived: true,
    marked_for_deletion_at: expect.stringMatching(/^\d{4}-/),
  });
  expect((await ask("DELETE", `/projects/${id}`)).body).toEqual({
    message: "Project has been already marked for deletion",
  });
  expect((await remove(path_with_namespace)).body.message).toBe(
    "`full_path` is incorrect. You must enter the complete path for the project.",
  );
  expect((await remove(renamed)).status).toBe(202);
  await expect.poll(async () => (await ask("GET", `/projects/${id}`)).status).toBe(404);
});

test("Lists leave out what only single answers tell", async () => {
  const { id } = await createProject();
  const { body } = await ask("GET", "/projects?owned=true&order_by=id&sort=desc&per_page=1");
  expect(body[0].id).toBe(id);
  expect(Object.keys(body[0])).not.toContain("runners_token");
  expect(Object.keys(body[0])).not.toContain("build_git_strategy");
});

test("A project cannot be seen by more people than its group", async () => {
  const group = await createGroup({ visibility: "private" });
  const refused = {
    message: { visibility_level: ["internal is not allowed in a private group."] },
  };
  const fields = { namespace_id: group.id, visibility: "internal" };
  const created = await ask("POST", "/projects", { name: unique("seen"), ...fields });
  expect([created.status, created.body]).toEqual([400, refused]);
  const { id } = await createProject({ namespace_id: group.id });
  const changed = await ask("PUT", `/projects/${id}`, { visibility: "internal" });
  expect([changed.status, changed.body]).toEqual([400, refused]);
});
