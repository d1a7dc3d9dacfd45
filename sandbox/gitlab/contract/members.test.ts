import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject, createUser } = useServer();
let path: string;
let user: { id: number; username: string };

beforeAll(async () => {
  path = `/projects/${(await createProject()).id}/members`;
  user = await createUser();
});

test("A member is added, changed, told and removed", async () => {
  const added = await ask("POST", path, { user_id: user.id, access_level: 30 });
  expect([added.status, added.body]).toEqual([
    201,
    expect.objectContaining({ id: user.id, access_level: 30, expires_at: null }),
  ]);
  const changed = await ask("PUT", `${path}/${user.id}`, { access_level: 40 });
  expect([changed.status, changed.body.access_level]).toEqual([200, 40]);
  const { body } = await ask("GET", path);
  expect(body).toContainEqual(expect.objectContaining({ id: user.id, access_level: 40 }));
  expect((await ask("DELETE", `${path}/${user.id}`)).status).toBe(204);
  const gone = await ask("GET", `${path}/${user.id}`);
  expect([gone.status, gone.body]).toEqual([404, { message: "404 Not found" }]);
});

test("A second membership of one user is 409", async () => {
  const { id } = await createUser();
  await ask("POST", path, { user_id: id, access_level: 30 });
  const { status, body } = await ask("POST", path, { user_id: id, access_level: 40 });
  expect([status, body]).toEqual([409, { message: "Member already exists" }]);
});

test("A user nobody knows cannot be a member", async () => {
  const { status, body } = await ask("POST", path, { user_id: 99_999_999, access_level: 30 });
  expect([status, body]).toEqual([404, { message: "404 User Not Found" }]);
});

test("A project's own list has no members by its group", async () => {
  const group = await createGroup();
  const project = await createProject({ namespace_id: group.id });
  await ask("POST", `/groups/${group.id}/members`, { user_id: user.id, access_level: 30 });
  const ids = async (list: string) => {
    const { body } = await ask("GET", `/projects/${project.id}/${list}`);
    return body.map((row: { id: number }) => row.id);
  };
  expect(await ids("members")).not.toContain(user.id);
  expect(await ids("members/all")).toContain(user.id);
});
