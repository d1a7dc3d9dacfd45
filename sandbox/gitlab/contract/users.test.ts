import { expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createUser } = useServer();

test("A user is found by its exact name", async () => {
  const user = await createUser();
  const { body } = await ask("GET", `/users?username=${user.username}`);
  expect(body.map((row: { id: number }) => row.id)).toEqual([user.id]);
  expect((await ask("GET", `/users/${user.id}`)).body.username).toBe(user.username);
});

test("A user nobody knows is 404", async () => {
  const { status, body } = await ask("GET", "/users/99999999");
  expect([status, body]).toEqual([404, { message: "404 User Not Found" }]);
});

test("A taken name is 409", async () => {
  const { username } = await createUser();
  const asked = { username, name: "x", email: `x-${username}@example.com`, password: "n0t-easy-1" };
  const { status, body } = await ask("POST", "/users", asked);
  expect([status, body]).toEqual([409, { message: "Username has already been taken" }]);
});

test("Groups and users are namespaces of one sequence", async () => {
  const group = await createGroup();
  const child = await createGroup({ parent_id: group.id });
  const byPath = await ask("GET", `/namespaces/${encodeURIComponent(child.full_path)}`);
  expect(byPath.body).toMatchObject({ id: child.id, kind: "group", parent_id: group.id });
  const { username } = await createUser();
  expect((await ask("GET", `/namespaces/${username}`)).body.kind).toBe("user");
});

test("Namespaces are searched by their full path", async () => {
  const { id, full_path } = await createGroup();
  const { body } = await ask("GET", `/namespaces?search=${full_path}`);
  expect(body.map((row: { id: number }) => row.id)).toEqual([id]);
});
