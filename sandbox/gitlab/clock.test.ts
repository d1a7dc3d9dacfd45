import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "./app.ts";
import type { Answer } from "./contract/server.ts";

/** What depends on the present moment, with a clock that the test sets. */

let directory: string;
let sandbox: Sandbox;
let now: Date;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "clock-"));
  now = new Date("2026-03-01T12:00:00Z");
  sandbox = await createSandbox({ directory, clock: () => now });
});

afterEach(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true });
});

async function ask(method: string, path: string, body?: unknown, token = sandbox.rootToken) {
  const answer = await sandbox.fetch(`http://gitlab.test/api/v4${path}`, {
    method,
    headers: { "private-token": token, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer["body"] };
}

test("A token stops on its day of expiry and says so", async () => {
  const asked = { name: "short", scopes: ["api"], expires_at: "2026-03-05" };
  const { body } = await ask("POST", "/users/1/personal_access_tokens", asked);
  now = new Date("2026-03-04T23:59:00Z");
  expect((await ask("GET", "/user", undefined, body.token)).status).toBe(200);
  now = new Date("2026-03-05T00:00:00Z");
  expect(await ask("GET", "/user", undefined, body.token)).toEqual({
    status: 401,
    body: {
      error: "invalid_token",
      error_description: "Token is expired. You can either do re-authorization or token refresh.",
    },
  });
});

test("A project token lives a year at most, and a week after rotation", async () => {
  const { body: project } = await ask("POST", "/projects", { name: "p" });
  const path = `/projects/${project.id}/access_tokens`;
  const asked = { name: "bot", scopes: ["api"] };
  expect((await ask("POST", path, { ...asked, expires_at: "2027-03-02" })).status).toBe(400);
  const { body } = await ask("POST", path, asked);
  expect(body.expires_at).toBe("2027-03-01");
  const rotated = await ask("POST", `${path}/${body.id}/rotate`);
  expect(rotated.body.expires_at).toBe("2026-03-08");
});

test("A deploy token expires at its moment", async () => {
  const { body: project } = await ask("POST", "/projects", { name: "p" });
  const path = `/projects/${project.id}/deploy_tokens`;
  const expires_at = "2026-03-01T13:00:00Z";
  const asked = { name: "pull", scopes: ["read_registry"], expires_at };
  expect((await ask("POST", path, asked)).body.expired).toBe(false);
  now = new Date(expires_at);
  expect((await ask("GET", path)).body[0].expired).toBe(true);
  expect((await ask("GET", `${path}?active=true`)).body).toEqual([]);
});

test("The next run of a schedule follows its time zone", async () => {
  const { body: project } = await ask("POST", "/projects", { name: "p" });
  const schedule = { description: "nightly", ref: "main", cron: "0 1 * * *" };
  const path = `/projects/${project.id}/pipeline_schedules`;
  const cron_timezone = "Asia/Shanghai";
  expect((await ask("POST", path, schedule)).body.next_run_at).toBe("2026-03-02T01:00:00.000Z");
  const { body } = await ask("POST", path, { ...schedule, cron_timezone });
  expect(body.next_run_at).toBe("2026-03-01T17:00:00.000Z");
});

test("A runner falls silent: online, offline, stale", async () => {
  const { body: runner } = await ask("POST", "/user/runners", { runner_type: "instance_type" });
  await ask("POST", "/runners/verify", { token: runner.token });
  const seen: string[] = [];
  for (const day of ["2026-03-01T12:30:00Z", "2026-03-02T12:00:00Z", "2026-03-20T12:00:00Z"]) {
    now = new Date(day);
    seen.push((await ask("GET", `/runners/${runner.id}`)).body.status);
  }
  expect(seen).toEqual(["online", "offline", "stale"]);
});
