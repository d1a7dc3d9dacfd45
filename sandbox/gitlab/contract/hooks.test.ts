import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
const url = "https://hooks.example.com/trunk";
let path: string;

beforeAll(async () => {
  path = `/projects/${(await createProject()).id}/hooks`;
});

test("A new hook is 201, hears pushes and keeps its secrets", async () => {
  const { status, body } = await ask("POST", path, {
    url,
    token: "s3cret",
    custom_headers: [{ key: "X-Key", value: "hidden" }],
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    url,
    push_events: true,
    enable_ssl_verification: true,
    tag_push_events: false,
    custom_headers: [{ key: "X-Key" }],
  });
  expect(JSON.stringify(body)).not.toMatch(/s3cret|hidden/);
});

test("An update merges header keys and needs a parameter", async () => {
  const asked = { url, custom_headers: [{ key: "A", value: "1" }] };
  const { body } = await ask("POST", path, asked);
  const changed = await ask("PUT", `${path}/${body.id}`, {
    url,
    tag_push_events: true,
    custom_headers: [{ key: "B", value: "2" }],
  });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({
    tag_push_events: true,
    custom_headers: [{ key: "A" }, { key: "B" }],
  });
  const empty = await ask("PUT", `${path}/${body.id}`, {});
  expect([empty.status, empty.body]).toEqual([400, { error: "No parameters provided" }]);
});

test("What is no address of the web is refused", async () => {
  for (const wrong of ["nowhere", "ftp://example.com", "http://127.0.0.1/"]) {
    const { status, body } = await ask("POST", path, { url: wrong });
    expect([status, body]).toEqual([422, { error: "Invalid url given" }]);
  }
});

test("A deleted hook is 404 afterwards", async () => {
  const { body } = await ask("POST", path, { url });
  expect((await ask("DELETE", `${path}/${body.id}`)).status).toBe(204);
  const gone = await ask("GET", `${path}/${body.id}`);
  expect([gone.status, gone.body]).toEqual([404, { message: "404 Not found" }]);
});
