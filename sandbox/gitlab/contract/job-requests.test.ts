import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;

beforeEach(async () => {
  scene = await RunnerScene.start();
});
afterEach(() => scene.stop());

const one = "job: {script: make}\n";

test("Of a hundred requests at once exactly one gets the job", async () => {
  const project = await scene.createProject(one);
  const token = await scene.createRunner(project.id);
  const answers = await Promise.all(Array.from({ length: 100 }, () => scene.request(token)));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(201), count(204)]).toEqual([1, 99]);
});

test("A hundred requests of a hundred runners for ten jobs give each job once", async () => {
  const jobs = Array.from({ length: 10 }, (_, index) => `job${index}: {script: make}\n`);
  const project = await scene.createProject(jobs.join(""));
  const tokens: string[] = [];
  for (let made = 0; made < 100; made++) tokens.push(await scene.createRunner(project.id));
  const answers = await Promise.all(tokens.map((token) => scene.request(token)));
  const given = answers
    .filter(({ status }) => status === 201)
    .map(({ body }) => body.job_info.name);
  expect(given.sort()).toEqual(jobs.map((_, index) => `job${index}`));
});

test("A job is described as GitLab's runners expect it", async () => {
  const file = [
    "variables: {GIT_DEPTH: '5', GREETING: hello $NAME}",
    "job:",
    "  image: {name: 'debian:bookworm', entrypoint: ['']}",
    "  services: [{name: 'postgres:16', alias: db}]",
    "  before_script: [echo before]",
    "  script: [echo 1, echo 2]",
    "  after_script: [echo after]",
    "  variables: {NAME: world}",
    "  timeout: 30 minutes",
    "  cache: {key: k, paths: [.ccache/]}",
    "  artifacts: {name: n, paths: [out/], expire_in: 1 week}",
  ].join("\n");
  const project = await scene.createProject(file, { build_git_strategy: "clone" });
  const token = await scene.createRunner(project.id, { tag_list: ["infra"] });
  const { status, body } = await scene.request(token, { info: { name: "gitlab-runner" } });
  const pipeline = await scene.pipeline(project.id);
  const refspec = `+refs/pipelines/${pipeline.id}:refs/pipelines/${pipeline.id}`;
  expect(status).toBe(201);
  expect(body).toMatchObject({
    allow_git_fetch: false,
    job_info: { name: "job", stage: "test", project_id: project.id },
    git_info: {
      repo_url: `http://gitlab-ci-token:${body.token}@gitlab.test/${project.path_with_namespace}.git`,
      ref: "main",
      sha: pipeline.sha,
      ref_type: "branch",
      refspecs: [refspec, "+refs/heads/main:refs/remotes/origin/main"],
      depth: 5,
      protected: true,
    },
    runner_info: { timeout: 1800 },
    steps: [
      {
        name: "script",
        script: ["echo before", "echo 1", "echo 2"],
        timeout: 1800,
        when: "on_success",
      },
      { name: "after_script", script: ["echo after"], when: "always", allow_failure: true },
    ],
    image: { name: "debian:bookworm", entrypoint: [""] },
    services: [{ name: "postgres:16", alias: "db" }],
    artifacts: [
      {
        name: "n",
        paths: ["out/"],
        expire_in: "1 week",
        artifact_type: "archive",
        artifact_format: "zip",
      },
    ],
    cache: [{ key: "k-protected", paths: [".ccache/"], policy: "pull-push" }],
    dependencies: [],
    credentials: [{ type: "registry", username: "gitlab-ci-token", password: body.token }],
  });
  const variables = new Map(body.variables.map((row: { key: string }) => [row.key, row]));
  expect(variables.get("GREETING")).toMatchObject({ value: "hello world", public: true });
  expect(variables.get("CI_JOB_TOKEN")).toMatchObject({
    value: body.token,
    masked: true,
    public: false,
  });
  expect(variables.get("CI_COMMIT_BRANCH")).toMatchObject({ value: "main" });
  expect(scene.refs(project.id)).toContain(`refs/pipelines/${pipeline.id}`);
});

test.each([
  ["a runner with all its tags", { tag_list: ["a", "b", "c"] }, 201],
  ["not a runner that lacks a tag", { tag_list: ["a"] }, 204],
  ["not a runner without tags", {}, 204],
  ["not a paused runner", { tag_list: ["a", "b"], paused: true }, 204],
])("A job with tags goes to %s", async (_title, fields, expected) => {
  const project = await scene.createProject("job: {script: make, tags: [a, b]}\n");
  const token = await scene.createRunner(project.id, fields);
  expect((await scene.request(token)).status).toBe(expected);
});

test("A job without tags goes only to runners that take such jobs", async () => {
  const project = await scene.createProject(one);
  const strict = await scene.createRunner(project.id, { tag_list: ["a"], run_untagged: false });
  const open = await scene.createRunner(project.id, { tag_list: ["a"] });
  expect((await scene.request(strict)).status).toBe(204);
  expect((await scene.request(open)).status).toBe(201);
});

test("A protected runner takes jobs of protected branches alone", async () => {
  const project = await scene.createProject(one);
  const token = await scene.createRunner(project.id, { access_level: "ref_protected" });
  expect((await scene.request(token)).body.git_info.ref).toBe("main");
  const branch = { branch: "topic", ref: "main" };
  await scene.call("POST", `/projects/${project.id}/repository/branches`, { body: branch });
  expect((await scene.pipeline(project.id)).ref).toBe("topic");
  expect((await scene.request(token)).status).toBe(204);
});

test("Runners serve the projects of their scope, and no others", async () => {
  const project = await scene.createProject(one);
  const other = await scene.createProject(one);
  const foreign = await scene.createRunner(other.id);
  expect((await scene.request(foreign)).body.job_info.project_id).toBe(other.id);
  expect((await scene.request(foreign)).status).toBe(204);
  const shared = await scene.createRunner(project.id, {
    runner_type: "instance_type",
    project_id: undefined,
  });
  await scene.call("PUT", `/projects/${project.id}`, { body: { shared_runners_enabled: false } });
  expect((await scene.request(shared)).status).toBe(204);
  await scene.call("PUT", `/projects/${project.id}`, { body: { shared_runners_enabled: true } });
  expect((await scene.request(shared)).body.job_info.project_id).toBe(project.id);
});

test("A wrong, a deleted and a user's token are 403 and tell nothing", async () => {
  const project = await scene.createProject(one);
  const deleted = await scene.createRunner(project.id);
  await scene.call("DELETE", "/runners", { token: null, body: { token: deleted } });
  for (const token of ["glrt-wrong", deleted, scene.sandbox.rootToken])
    expect(await scene.request(token)).toMatchObject({
      status: 403,
      body: { message: "403 Forbidden" },
    });
  expect(await scene.states(project.id)).toEqual({ job: "pending" });
});

test("An asker that knows the newest change is told so again, until a job comes", async () => {
  const project = await scene.createProject("job: {script: make, tags: [other]}\n");
  const token = await scene.createRunner(project.id);
  const first = await scene.request(token);
  const last_update = first.headers.get("x-gitlab-last-update");
  const second = await scene.request(token, { last_update });
  expect([second.status, second.headers.get("x-gitlab-last-update")]).toEqual([204, last_update]);
  await scene.commit(project.id, one);
  expect((await scene.request(token, { last_update })).status).toBe(201);
});

test("A held request gets the job that comes meanwhile", async () => {
  await scene.stop();
  scene = await RunnerScene.start(30);
  const project = await scene.createProject("job: {script: make, tags: [other]}\n");
  const token = await scene.createRunner(project.id);
  const last_update = (await scene.request(token)).headers.get("x-gitlab-last-update");
  const held = scene.request(token, { last_update });
  await scene.commit(project.id, one);
  expect((await held).status).toBe(201);
});

test("A runner that left while it waited is not given the job", async () => {
  await scene.stop();
  scene = await RunnerScene.start(30);
  const project = await scene.createProject("job: {script: make, tags: [other]}\n");
  const token = await scene.createRunner(project.id);
  const last_update = (await scene.request(token)).headers.get("x-gitlab-last-update");
  const url = await scene.sandbox.listen();
  const patience = new AbortController();
  const held = fetch(`${url}/api/v4/jobs/request`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token, last_update }),
    signal: patience.signal,
  });
  const asked = () => scene.sandbox.requests.count("POST /jobs/request");
  await expect.poll(asked).toBe(2);
  patience.abort();
  await expect(held).rejects.toThrow("aborted");
  await scene.commit(project.id, one);
  expect((await scene.request(token)).status).toBe(201);
});

test("A job that was given away stays so when the server starts anew", async () => {
  const project = await scene.createProject(one);
  const token = await scene.createRunner(project.id);
  const { body: job } = await scene.request(token);
  await scene.restart();
  expect((await scene.request(token)).status).toBe(204);
  expect((await scene.update(job, { state: "success" })).status).toBe(200);
});
