import { expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();

async function createRunner(fields: Record<string, unknown> = {}) {
  const project = await createProject();
  const asked = { runner_type: "project_type", project_id: project.id, ...fields };
  const { body } = await ask("POST", "/user/runners", asked);
  return { project, id: body.id as number, token: body.token as string };
}

test("A new runner is told its number and token, once", async () => {
  const project = await createProject();
  const asked = { runner_type: "project_type", project_id: project.id, tag_list: ["infra"] };
  const { status, body } = await ask("POST", "/user/runners", asked);
  expect(status).toBe(201);
  expect(Object.keys(body).sort()).toEqual(["id", "token", "token_expires_at"]);
  expect(body.token).toMatch(/^glrt-/);
  const read = await ask("GET", `/runners/${body.id}`);
  expect(read.body).toMatchObject({
    runner_type: "project_type",
    status: "never_contacted",
    tag_list: ["infra"],
    run_untagged: true,
    locked: false,
    access_level: "not_protected",
    maximum_timeout: null,
    projects: [{ id: project.id }],
  });
  expect(read.body).not.toHaveProperty("token");
});

test("A runner of a kind needs what that kind belongs to", async () => {
  const { status, body } = await ask("POST", "/user/runners", { runner_type: "group_type" });
  expect([status, body]).toEqual([400, { error: "group_id is missing" }]);
  const odd = await ask("POST", "/user/runners", { runner_type: "house_type" });
  expect(odd.body).toEqual({ error: "runner_type does not have a valid value" });
});

test("A runner that takes neither tags nor untagged jobs is refused", async () => {
  const { id } = await createGroup();
  const asked = { runner_type: "group_type", group_id: id, run_untagged: false };
  const { status, body } = await ask("POST", "/user/runners", asked);
  expect([status, body]).toEqual([
    400,
    {
      message:
        "400 Bad request - Tags list can not be empty when runner is not allowed to pick untagged jobs",
    },
  ]);
});

test("A time limit under ten minutes is refused", async () => {
  const { id } = await createRunner();
  const { status, body } = await ask("PUT", `/runners/${id}`, { maximum_timeout: 60 });
  expect([status, body]).toEqual([
    400,
    { message: { maximum_timeout: ["needs to be at least 10 minutes"] } },
  ]);
});

test("An update changes only what it names", async () => {
  const { id } = await createRunner({ tag_list: ["a"], description: "before" });
  const { body } = await ask("PUT", `/runners/${id}`, { tag_list: "b,c", paused: true });
  expect(body).toMatchObject({ tag_list: ["b", "c"], paused: true, description: "before" });
});

test("A second project can be added and taken away, the first cannot", async () => {
  const { id, project } = await createRunner();
  const other = await createProject();
  const added = await ask("POST", `/projects/${other.id}/runners`, { runner_id: id });
  expect([added.status, added.body.id]).toEqual([201, id]);
  const twice = await ask("POST", `/projects/${other.id}/runners`, { runner_id: id });
  expect(twice.status).toBe(400);
  const shared = await ask("DELETE", `/runners/${id}`);
  expect([shared.status, shared.body]).toEqual([
    403,
    { message: "403 Forbidden - Runner associated with more than one project" },
  ]);
  expect((await ask("DELETE", `/projects/${other.id}/runners/${id}`)).status).toBe(204);
  const last = await ask("DELETE", `/projects/${project.id}/runners/${id}`);
  expect([last.status, last.body]).toEqual([
    403,
    {
      message:
        "403 Forbidden - Only one project associated with the runner. Please remove the runner instead",
    },
  ]);
});

test("A project's runners include those of its group, without their tags", async () => {
  const group = await createGroup();
  const project = await createProject({ namespace_id: group.id });
  const asked = { runner_type: "group_type", group_id: group.id };
  const { body } = await ask("POST", "/user/runners", asked);
  const listed = await ask("GET", `/projects/${project.id}/runners?type=group_type`);
  expect(listed.body.map((row: { id: number }) => row.id)).toEqual([body.id]);
  expect(listed.body[0]).not.toHaveProperty("tag_list");
});

test("A deleted runner is 404 afterwards", async () => {
  const { id } = await createRunner();
  expect((await ask("DELETE", `/runners/${id}`)).status).toBe(204);
  const { status, body } = await ask("GET", `/runners/${id}`);
  expect([status, body]).toEqual([404, { message: "404 Runner Not Found" }]);
});

test("Verification knows a runner by its own token alone", async () => {
  const { id, token } = await createRunner();
  const known = await ask("POST", "/runners/verify", { token, system_id: "s_1" });
  expect([known.status, known.body]).toEqual([200, { id, token, token_expires_at: null }]);
  expect((await ask("POST", "/runners/verify", { token: "glrt-unknown" })).status).toBe(403);
});

test("A runner without jobs lists none, of any state that GitLab knows", async () => {
  const { id } = await createRunner();
  expect((await ask("GET", `/runners/${id}/jobs`)).body).toEqual([]);
  expect((await ask("GET", `/runners/${id}/jobs?status=running`)).body).toEqual([]);
  expect((await ask("GET", `/runners/${id}/jobs?status=lost`)).status).toBe(400);
});
