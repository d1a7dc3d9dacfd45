import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
let path: string;

beforeAll(async () => {
  path = `/projects/${(await createProject()).id}`;
});

test("A protected branch is 201 with maintainers on both sides", async () => {
  const { status, body } = await ask("POST", `${path}/protected_branches`, { name: "main" });
  expect(status).toBe(201);
  const maintainers = { access_level: 40, access_level_description: "Maintainers" };
  expect(body).toMatchObject({
    name: "main",
    push_access_levels: [maintainers],
    merge_access_levels: [maintainers],
    allow_force_push: false,
  });
});

test("A branch protected twice is 409", async () => {
  await ask("POST", `${path}/protected_branches`, { name: "twice" });
  const { status, body } = await ask("POST", `${path}/protected_branches`, { name: "twice" });
  expect([status, body]).toEqual([409, { message: "Protected branch 'twice' already exists" }]);
});

test("A wildcard is read by its encoded name, changed in place and deleted", async () => {
  const one = `${path}/protected_branches/${encodeURIComponent("release/*")}`;
  await ask("POST", `${path}/protected_branches`, { name: "release/*", push_access_level: 0 });
  expect((await ask("GET", one)).body.push_access_levels[0].access_level).toBe(0);
  expect((await ask("PATCH", one, { allow_force_push: true })).body.allow_force_push).toBe(true);
  expect((await ask("DELETE", one)).status).toBe(204);
  const gone = await ask("GET", one);
  expect([gone.status, gone.body]).toEqual([404, { message: "404 Not found" }]);
});

test("An access level of another number is refused", async () => {
  const fields = { name: "odd", push_access_level: 35 };
  const { status, body } = await ask("POST", `${path}/protected_branches`, fields);
  expect([status, body]).toEqual([400, { error: "push_access_level does not have a valid value" }]);
});

test("A protected tag is made, refused twice and deleted", async () => {
  const tags = `${path}/protected_tags`;
  const made = await ask("POST", tags, { name: "v*", create_access_level: 30 });
  expect([made.status, made.body.create_access_levels[0].access_level]).toEqual([201, 30]);
  const twice = await ask("POST", tags, { name: "v*" });
  expect([twice.status, twice.body]).toEqual([
    409,
    { message: "Protected tag 'v*' already exists" },
  ]);
  expect((await ask("DELETE", `${tags}/v*`)).status).toBe(204);
  expect((await ask("GET", `${tags}/v*`)).body).toEqual({ message: "404 Not found" });
});
