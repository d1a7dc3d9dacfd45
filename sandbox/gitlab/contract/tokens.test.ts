import { beforeAll, describe, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();

describe.each(["projects", "groups"])("deploy tokens of %s", (family) => {
  let path: string;

  beforeAll(async () => {
    const { id } = family === "projects" ? await createProject() : await createGroup();
    path = `/${family}/${id}/deploy_tokens`;
  });

  test("A new deploy token tells its secret once", async () => {
    const asked = { name: "pull", scopes: ["read_repository"] };
    const { status, body } = await ask("POST", path, asked);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: "pull",
      scopes: ["read_repository"],
      username: expect.stringMatching(/^gitlab\+deploy-token-\d+$/),
      expires_at: null,
      revoked: false,
      expired: false,
    });
    expect(body.token).toMatch(/^gldt-/);
    expect((await ask("GET", `${path}/${body.id}`)).body).not.toHaveProperty("token");
  });

  test("Unknown and missing scopes are refused", async () => {
    const unknown = await ask("POST", path, { name: "x", scopes: ["api"] });
    expect([unknown.status, unknown.body]).toEqual([
      400,
      { error: "scopes does not have a valid value" },
    ]);
    const none = await ask("POST", path, { name: "x", scopes: [] });
    expect([none.status, none.body]).toEqual([400, { message: "Scopes can't be blank" }]);
  });

  test("A deploy token is no credential for the API", async () => {
    const { body } = await ask("POST", path, { name: "no", scopes: ["read_repository"] });
    const answer = await ask("GET", "/user", undefined, { "private-token": body.token });
    expect([answer.status, answer.body]).toEqual([401, { message: "401 Unauthorized" }]);
  });

  test("A deleted deploy token is 404 afterwards", async () => {
    const { body } = await ask("POST", path, { name: "gone", scopes: ["read_registry"] });
    expect((await ask("DELETE", `${path}/${body.id}`)).status).toBe(204);
    const { status, body: gone } = await ask("GET", `${path}/${body.id}`);
    expect([status, gone]).toEqual([404, { message: "404 Not found" }]);
  });
});

describe("project access tokens", () => {
  let path: string;
  let project: { id: number };

  beforeAll(async () => {
    project = await createProject();
    path = `/projects/${project.id}/access_tokens`;
  });

  async function createToken(fields: Record<string, unknown> = {}) {
    const asked = { name: "bot", scopes: ["api"], expires_at: inDays(30), ...fields };
    return (await ask("POST", path, asked)).body;
  }

  test("A new token belongs to a bot that is a member of the project", async () => {
    const body = await createToken();
    expect(body).toMatchObject({
      name: "bot",
      scopes: ["api"],
      access_level: 40,
      active: true,
      revoked: false,
      expires_at: inDays(30),
    });
    expect(body.token).toMatch(/^glpat-/);
    const user = await ask("GET", "/user", undefined, { "private-token": body.token });
    expect(user.body).toMatchObject({ id: body.user_id, bot: true });
    const member = await ask("GET", `/projects/${project.id}/members/${body.user_id}`);
    expect(member.body.access_level).toBe(40);
  });

  test("Rotation is 200 with a new number and token, the old one is revoked", async () => {
    const old = await createToken();
    const { status, body } = await ask("POST", `${path}/${old.id}/rotate`, {
      expires_at: inDays(60),
    });
    expect([status, body.expires_at, body.user_id]).toEqual([200, inDays(60), old.user_id]);
    expect(body.id).not.toBe(old.id);
    expect(body.token).not.toBe(old.token);
    const used = await ask("GET", "/user", undefined, { "private-token": old.token });
    expect([used.status, used.body.error]).toEqual([401, "invalid_token"]);
  });

  test("Rotating a revoked token revokes its whole family", async () => {
    const old = await createToken();
    const { body } = await ask("POST", `${path}/${old.id}/rotate`, { expires_at: inDays(60) });
    expect((await ask("POST", `${path}/${old.id}/rotate`)).status).toBe(400);
    const used = await ask("GET", "/user", undefined, { "private-token": body.token });
    expect(used.status).toBe(401);
  });

  test("A project token cannot make another", async () => {
    const { token } = await createToken();
    const asked = { name: "second", scopes: ["api"], expires_at: inDays(30) };
    const { status } = await ask("POST", path, asked, { "private-token": token });
    expect(status).toBe(400);
  });

  test("A deleted token is 404 afterwards", async () => {
    const { id } = await createToken();
    expect((await ask("DELETE", `${path}/${id}`)).status).toBe(204);
    await expect.poll(async () => (await ask("GET", `${path}/${id}`)).status).toBe(404);
    expect((await ask("GET", `${path}/${id}`)).body).toEqual({
      message: "404 project Access Token Not Found",
    });
  });
});

function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
