import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
const nightly = { description: "nightly", ref: "main", cron: "0 1 * * *" };
let path: string;

beforeAll(async () => {
  const { id } = await createProject({ initialize_with_readme: true });
  path = `/projects/${id}/pipeline_schedules`;
});

async function createSchedule(fields: Record<string, unknown> = {}) {
  const { body } = await ask("POST", path, { ...nightly, ...fields });
  return `${path}/${body.id}`;
}

test("A new schedule is 201, its short ref in full form", async () => {
  const { status, body } = await ask("POST", path, nightly);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    description: "nightly",
    ref: "refs/heads/main",
    cron: "0 1 * * *",
    cron_timezone: "UTC",
    active: true,
  });
  expect(body.next_run_at).toMatch(/^\d{4}-/);
});

test("A wrong cron or time zone is refused by field", async () => {
  const cron = await ask("POST", path, { ...nightly, cron: "every day" });
  expect([cron.status, cron.body]).toEqual([400, { message: { cron: ["syntax is invalid"] } }]);
  const zone = await ask("POST", path, { ...nightly, cron_timezone: "Mars/Base" });
  expect(zone.body).toEqual({ message: { cron_timezone: ["syntax is invalid"] } });
});

test("Lists go without variables, single answers have them", async () => {
  const one = await createSchedule();
  await ask("POST", `${one}/variables`, { key: "MODE", value: "full" });
  const listed = await ask("GET", path);
  expect(listed.body[0]).not.toHaveProperty("variables");
  const read = await ask("GET", one);
  expect(read.body.variables).toEqual([
    { variable_type: "env_var", key: "MODE", value: "full", raw: false },
  ]);
});

test("A switched-off schedule is listed among the inactive", async () => {
  const one = await createSchedule({ active: false });
  const { body } = await ask("GET", `${path}?scope=inactive`);
  expect(body.map((row: { id: number }) => `${path}/${row.id}`)).toEqual([one]);
});

test("An update changes only what it names", async () => {
  const one = await createSchedule();
  const { status, body } = await ask("PUT", one, { cron: "30 2 * * 1" });
  expect(status).toBe(200);
  expect(body).toMatchObject({ description: "nightly", cron: "30 2 * * 1" });
});

test("Taking what one owns already is 200", async () => {
  const one = await createSchedule();
  expect((await ask("POST", `${one}/take_ownership`)).status).toBe(200);
});

test("A deleted variable is answered 202 with the variable", async () => {
  const one = await createSchedule();
  const made = await ask("POST", `${one}/variables`, { key: "MODE", value: "full" });
  expect(made.status).toBe(201);
  const changed = await ask("PUT", `${one}/variables/MODE`, { value: "quick" });
  expect([changed.status, changed.body.value]).toEqual([200, "quick"]);
  const gone = await ask("DELETE", `${one}/variables/MODE`);
  expect([gone.status, gone.body.key]).toEqual([202, "MODE"]);
  const again = await ask("DELETE", `${one}/variables/MODE`);
  expect([again.status, again.body]).toEqual([
    404,
    { message: "404 Pipeline Schedule Variable Not Found" },
  ]);
});

test("An archived project takes no schedule", async () => {
  const { id } = await createProject();
  await ask("POST", `/projects/${id}/archive`);
  const { status, body } = await ask("POST", `/projects/${id}/pipeline_schedules`, nightly);
  expect([status, body]).toEqual([403, { message: "403 Forbidden" }]);
});

test("A deleted schedule is 404 afterwards", async () => {
  const one = await createSchedule();
  expect((await ask("DELETE", one)).status).toBe(204);
  const { status, body } = await ask("GET", one);
  expect([status, body]).toEqual([404, { message: "404 Pipeline Schedule Not Found" }]);
});
