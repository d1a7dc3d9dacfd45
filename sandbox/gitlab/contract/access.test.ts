import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject, createUser } = useServer();
let user: { id: number };
let token: string;

beforeAll(async () => {
  user = await createUser();
  token = await createToken(["api"]);
});

async function createToken(scopes: string[]): Promise<string> {
  const path = `/users/${user.id}/personal_access_tokens`;
  return (await ask("POST", path, { name: "contract", scopes })).body.token;
}

const as = (secret: string) => ({ "private-token": secret });

test("A call without or with an unknown token is 401", async () => {
  for (const secret of ["", "glpat-unknown"]) {
    const { status, body } = await ask("GET", "/user", undefined, as(secret));
    expect([status, body]).toEqual([401, { message: "401 Unauthorized" }]);
  }
});

test("A token counts as header, as bearer and as parameter", async () => {
  const bearer = { "private-token": "", authorization: `Bearer ${token}` };
  const answers = [
    await ask("GET", "/user", undefined, as(token)),
    await ask("GET", "/user", undefined, bearer),
    await ask("GET", `/user?private_token=${token}`, undefined, as("")),
  ];
  expect(answers.map(({ body }) => body.id)).toEqual([user.id, user.id, user.id]);
});

test("A token that only reads may not write", async () => {
  const reading = await createToken(["read_api"]);
  expect((await ask("GET", "/projects", undefined, as(reading))).status).toBe(200);
  const { status, body } = await ask("POST", "/projects", { name: "x" }, as(reading));
  expect(status).toBe(403);
  expect(body).toMatchObject({
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
  });
});

test("A token that only creates runners does that and nothing else", async () => {
  const project = await createProject();
  await ask("POST", `/projects/${project.id}/members`, { user_id: user.id, access_level: 40 });
  const creating = await createToken(["create_runner"]);
  const asked = { runner_type: "project_type", project_id: project.id };
  expect((await ask("POST", "/user/runners", asked, as(creating))).status).toBe(201);
  expect((await ask("GET", `/projects/${project.id}`, undefined, as(creating))).status).toBe(403);
});

test("What one may not see is not found", async () => {
  const project = await createProject();
  const { status, body } = await ask("GET", `/projects/${project.id}`, undefined, as(token));
  expect([status, body]).toEqual([404, { message: "404 Project Not Found" }]);
});

test("A developer sees a project but may not change it", async () => {
  const { id } = await createProject();
  const added = await ask("POST", `/projects/${id}/members`, {
    user_id: user.id,
    access_level: 30,
  });
  expect([added.status, added.body.access_level]).toEqual([201, 30]);
  expect((await ask("GET", `/projects/${id}`, undefined, as(token))).status).toBe(200);
  for (const path of ["variables", "deploy_tokens"]) {
    const { status, body } = await ask("GET", `/projects/${id}/${path}`, undefined, as(token));
    expect([status, body]).toEqual([403, { message: "403 Forbidden" }]);
  }
});

test("Rights in a group reach its projects", async () => {
  const group = await createGroup();
  const project = await createProject({ namespace_id: group.id });
  await ask("POST", `/groups/${group.id}/members`, { user_id: user.id, access_level: 40 });
  const path = `/projects/${project.id}`;
  expect((await ask("GET", `${path}/variables`, undefined, as(token))).status).toBe(200);
  expect((await ask("DELETE", path, undefined, as(token))).status).toBe(403);
  const { body } = await ask("GET", `${path}/members/all`);
  expect(body).toContainEqual(expect.objectContaining({ id: user.id, access_level: 40 }));
});

test("A role that comes from a group is found among all members, not among a project's own", async () => {
  const group = await createGroup();
  const project = await createProject({ namespace_id: group.id });
  await ask("POST", `/groups/${group.id}/members`, { user_id: user.id, access_level: 30 });
  const members = `/projects/${project.id}/members`;
  const inherited = await ask("GET", `${members}/all/${user.id}`);
  expect([inherited.status, inherited.body.access_level]).toEqual([200, 30]);
  const own = await ask("GET", `${members}/${user.id}`);
  expect([own.status, own.body]).toEqual([404, { message: "404 Not found" }]);
  const stranger = await createUser();
  const missing = await ask("GET", `/groups/${group.id}/members/all/${stranger.id}`);
  expect([missing.status, missing.body]).toEqual([404, { message: "404 Not found" }]);
});

test("Nobody is a member twice, nor below what a group gives", async () => {
  const group = await createGroup();
  const project = await createProject({ namespace_id: group.id });
  const members = `/projects/${project.id}/members`;
  await ask("POST", `/groups/${group.id}/members`, { user_id: user.id, access_level: 40 });
  const below = await ask("POST", members, { user_id: user.id, access_level: 30 });
  expect([below.status, Object.keys(below.body.message)]).toEqual([400, ["access_level"]]);
  await ask("POST", members, { user_id: user.id, access_level: 50 });
  const twice = await ask("POST", members, { user_id: user.id, access_level: 50 });
  expect([twice.status, twice.body]).toEqual([409, { message: "Member already exists" }]);
});

test("A removed member is 404 afterwards", async () => {
  const { id } = await createProject();
  await ask("POST", `/projects/${id}/members`, { user_id: user.id, access_level: 30 });
  const one = `/projects/${id}/members/${user.id}`;
  expect((await ask("PUT", one, { access_level: 40 })).body.access_level).toBe(40);
  expect((await ask("DELETE", one)).status).toBe(204);
  const { status, body } = await ask("GET", one);
  expect([status, body]).toEqual([404, { message: "404 Not found" }]);
});

test("The instance names its version and edition", async () => {
  const { body } = await ask("GET", "/metadata");
  expect(body.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(typeof body.enterprise).toBe("boolean");
  expect((await ask("GET", "/version")).body.version).toBe(body.version);
});
