import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject({ initialize_with_readme: true }));
});

const tags = (name = "") => `/projects/${id}/repository/tags${name && `/${name}`}`;

test("A lightweight tag names the commit itself", async () => {
  const { status, body } = await ask("POST", tags(), { tag_name: "light", ref: "main" });
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: "light", message: "", protected: false, release: null });
  expect(body.target).toBe(body.commit.id);
  expect((await ask("GET", tags("light"))).body).toEqual(body);
});

test("A message makes an annotated tag, an object of its own", async () => {
  const { body } = await ask("POST", tags(), { tag_name: "heavy", ref: "main", message: "Say" });
  expect(body).toMatchObject({ message: "Say", created_at: expect.any(String) });
  expect(body.target).not.toBe(body.commit.id);
});

test("Tags are listed by name when asked", async () => {
  await ask("POST", tags(), { tag_name: "list-1", ref: "main" });
  await ask("POST", tags(), { tag_name: "list-2", ref: "main" });
  const { body } = await ask("GET", `${tags()}?search=list-&order_by=name&sort=asc`);
  expect(body.map((row: { name: string }) => row.name)).toEqual(["list-1", "list-2"]);
});

test("A taken name and an unknown target are refused", async () => {
  await ask("POST", tags(), { tag_name: "taken", ref: "main" });
  const taken = await ask("POST", tags(), { tag_name: "taken", ref: "main" });
  expect([taken.status, taken.body]).toEqual([400, { message: "Tag taken already exists" }]);
  const lost = await ask("POST", tags(), { tag_name: "lost", ref: "nowhere" });
  expect([lost.status, lost.body]).toEqual([400, { message: "Target nowhere is invalid" }]);
});

test("A protected tag shows it, and a deleted tag is 404", async () => {
  await ask("POST", `/projects/${id}/protected_tags`, { name: "v*" });
  const made = await ask("POST", tags(), { tag_name: "v1", ref: "main" });
  expect(made.body.protected).toBe(true);
  expect((await ask("DELETE", tags("v1"))).status).toBe(204);
  const gone = await ask("GET", tags("v1"));
  expect([gone.status, gone.body]).toEqual([404, { message: "404 Tag Not Found" }]);
});
