import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import { GitLab } from "./client.ts";

const variable = "gitlab:index/projectVariable:ProjectVariable";

let scene: GitLabScene;
let project: string;
let api: GitLab;
beforeAll(async () => {
  scene = await GitLabScene.start();
  project = String((await scene.call("POST", "/projects", { name: "ying" })).id);
});
beforeEach(() => {
  scene.sandbox.requests.reset();
  api = new GitLab({
    baseUrl: scene.baseUrl,
    token: scene.sandbox.rootToken,
    retries: 2,
    retryDelay: 1,
    pollDelay: 1,
  });
});
afterAll(async () => {
  await scene?.stop();
});

const inputs = { key: "K", value: "hush-hush", masked: true };

describe("a failure is one sentence that says what to do, without the token", () => {
  const token = "glpat-not-a-token";
  const create = async (configuration: { baseUrl?: string; token?: string }) => {
    const engine = await scene.connect(configuration);
    const creation = engine.create(variable, "user", { project, ...inputs });
    return await creation.then(String, (error: Error) => error.message);
  };
  const url = () => `/projects/${project}/variables`;

  it("when the token is wrong", async () => {
    expect(await create({ token })).toBe(
      `ProjectVariable "user": gitlab: GET /user answered 401: 401 Unauthorized. Check the token: pulumi config set --secret gitlab:token, or GITLAB_TOKEN.`,
    );
  });

  it("when the user's role is too low", async () => {
    const user = { username: "dev", name: "Dev", email: "dev@example.com", password: "p4ss-w0rd" };
    const { id } = await scene.call("POST", "/users", user);
    await scene.call("POST", `/projects/${project}/members`, { user_id: id, access_level: 30 });
    const body = { name: "t", scopes: ["api"] };
    const made = await scene.call("POST", `/users/${id}/personal_access_tokens`, body);
    const message = await create({ token: String(made.token) });
    expect(message).toBe(
      `ProjectVariable "user": gitlab: POST ${url()} answered 403: 403 Forbidden. The token needs the api scope, and its user the Maintainer role (Owner for groups).`,
    );
  });

  it("when GitLab cannot be reached", async () => {
    const gone = await GitLabScene.start();
    await gone.stop();
    const message = await create({ baseUrl: gone.baseUrl, token });
    expect(message).toMatch(
      /^ProjectVariable "user": gitlab: GET \/user got no answer: ECONNREFUSED\. Check that GitLab runs and that gitlab:baseUrl/,
    );
    expect(message).not.toContain(token);
  });

  it("when the address is not that of the API", async () => {
    const message = await create({ baseUrl: "https://gitlab.example.com/", token });
    expect(message).toMatch(
      /must end in \/api\/v4\/.*pulumi config set gitlab:baseUrl or GITLAB_BASE_URL/,
    );
  });
});

describe("a call", () => {
  it("is repeated when GitLab asks to wait, a write as well", async () => {
    const reply = { status: 429, headers: { "retry-after": "0" }, body: "Retry later" };
    const path = "/projects/:id/variables";
    scene.sandbox.faults.next({ method: "POST", path, times: 2, reply });
    await scene.engine.create(variable, "later", { project, ...inputs, key: "LATER" });
    expect(scene.sandbox.requests.count(`POST ${path}`)).toBe(3);
  });

  it.each([
    ["a text", { message: "404 Project Not Found" }, "404 Project Not Found"],
    ["texts by field", { message: { path: ["is taken", "is long"] } }, "path is taken, is long"],
    ["a list", { message: ["Name is blank"] }, "Name is blank"],
    ["a parameter's fault", { error: "name is missing" }, "name is missing"],
    [
      "an expired token",
      { error: "invalid_token", error_description: "Token is expired." },
      "Token is expired.",
    ],
  ])("that fails is told in GitLab's words: %s", async (_, body, answer) => {
    scene.sandbox.faults.next({ method: "GET", path: "/version", reply: { status: 400, body } });
    await expect(api.get("/version")).rejects.toMatchObject({ code: "refused", answer });
  });
});

describe("a list", () => {
  it("is read to its last page, and undefined when its parent is gone", async () => {
    const names = Array.from({ length: 101 }, (_, index) => `PAGED_${index}`);
    for (const key of names) {
      await scene.call("POST", `/projects/${project}/variables`, { key, value: "v" });
    }
    const rows = await api.rows<{ key: string }>(`/projects/${project}/variables`);
    expect(rows?.map(({ key }) => key)).toEqual(expect.arrayContaining(names));
    expect(await api.rows("/projects/4711/variables")).toBeUndefined();
  });
});

describe("work in the background", () => {
  it("is looked at until it is done, or given up with a word on why", async () => {
    const looks: unknown[] = [];
    await api.until("/version", "ready", (found) => looks.push(found) === 3);
    expect(scene.sandbox.requests.count("GET /version")).toBe(3);
    await expect(api.until("/version", "ready", () => false)).rejects.toThrow(
      "gitlab: GET /version answered 200: it is still not ready. GitLab's background jobs may be slow",
    );
  });

  it("lets a call be repeated only while the refusal is one that passes", async () => {
    const outcomes = ["busy", "busy", "broken"];
    const call = () => Promise.reject(new Error(outcomes.shift()));
    const passes = (error: unknown) => error instanceof Error && error.message === "busy";
    const wait = { for: "it", left: "Nothing was done" };
    await expect(api.patiently(call, passes, wait)).rejects.toThrow("broken");
    expect(outcomes).toEqual([]);
  });
});

it("works in turn for one key, also after a failure, and side by side for two", async () => {
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await api.get("/version");
    log.push(`${name} ends`);
    if (name === "a1") throw new Error("a1 fails");
  };
  const first = api.inTurn("a", work("a1")).catch(() => log.push("a1 is told"));
  await Promise.all([first, api.inTurn("a", work("a2")), api.inTurn("b", work("b1"))]);
  expect(log.indexOf("a2 begins")).toBeGreaterThan(log.indexOf("a1 ends"));
  expect(log.indexOf("b1 begins")).toBeLessThan(log.indexOf("a1 ends"));
});
