import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;
beforeEach(async () => {
  scene = await RunnerScene.start();
});
afterEach(() => scene.stop());

const stages =
  "stages: [build, test]\nbuild: {stage: build, script: make}\ntest: {script: check}\n";

const list = async (project: number) =>
  (await scene.call("GET", `/projects/${project}/pipelines`)).body as { status: string }[];

function run(project: number, body: Record<string, unknown>, token?: string) {
  const call = token === undefined ? { body } : { body, token };
  return scene.call("POST", `/projects/${project}/pipeline`, call);
}

/** Runs the next job of a runner and tells how it ended. */
async function work(runner: string, fields: Record<string, unknown> = { state: "success" }) {
  const { body: job } = await scene.request(runner);
  await scene.update(job, fields);
  return job;
}

test("A commit makes a pipeline that tells what GitLab tells", async () => {
  const project = await scene.createProject(stages);
  const pipeline = await scene.pipeline(project.id);
  expect(pipeline).toMatchObject({
    iid: 1,
    project_id: project.id,
    ref: "main",
    status: "pending",
    source: "push",
    tag: false,
    before_sha: "0".repeat(40),
    yaml_errors: null,
    user: { username: "root" },
    detailed_status: { group: "pending" },
  });
  expect(await scene.states(project.id)).toEqual({ build: "pending", test: "created" });
  const jobs = await scene.call("GET", `/projects/${project.id}/jobs?scope=pending`);
  expect(jobs.body).toMatchObject([
    { name: "build", stage: "build", commit: { id: pipeline.sha }, pipeline: { id: pipeline.id } },
  ]);
});

test("A pipeline runs stage by stage, and its ref lives as long as it", async () => {
  const project = await scene.createProject(stages);
  const runner = await scene.createRunner(project.id);
  const { id } = await scene.pipeline(project.id);
  expect((await work(runner)).job_info.name).toBe("build");
  expect(scene.refs(project.id)).toContain(`refs/pipelines/${id}`);
  expect((await work(runner)).job_info.name).toBe("test");
  expect((await scene.pipeline(project.id)).status).toBe("success");
  expect(scene.refs(project.id)).not.toContain("refs/pipelines");
});

test("Jobs with needs do not wait for their stage", async () => {
  const project = await scene.createProject(
    `${stages}slow: {stage: build, script: make}\nfast: {script: x, needs: [build]}\n`,
  );
  await work(await scene.createRunner(project.id));
  expect(await scene.states(project.id)).toMatchObject({
    build: "success",
    slow: "pending",
    fast: "pending",
    test: "created",
  });
});

test("A pipeline with a fault fails and names it; over the API it is refused", async () => {
  const project = await scene.createProject("job: {script: make, retires: 2}\n");
  const fault = "jobs:job config contains unknown keys: retires";
  expect(await scene.pipeline(project.id)).toMatchObject({ status: "failed", yaml_errors: fault });
  const { status, body } = await run(project.id, { ref: "main" });
  expect([status, body]).toEqual([400, { message: { base: [fault] } }]);
});

test("An old pipeline that says only runs on that branch and nowhere else", async () => {
  const project = await scene.createProject("job: {script: make, only: [main]}\n");
  expect(await scene.states(project.id)).toEqual({ job: "pending" });
  const branch = { branch: "topic", ref: "main" };
  await scene.call("POST", `/projects/${project.id}/repository/branches`, { body: branch });
  expect(await list(project.id)).toHaveLength(1);
});

test("A commit that asks for no pipeline gets one without jobs", async () => {
  const project = await scene.createProject(stages);
  await scene.commit(project.id, `${stages}# more\n`, "docs [skip ci]");
  expect(await scene.pipeline(project.id)).toMatchObject({ status: "skipped" });
  expect((await run(project.id, { ref: "main" })).body.status).toBe("pending");
});

test("Unknown refs and missing files are refused in GitLab's words", async () => {
  const project = await scene.createProject(stages);
  const unknown = await run(project.id, { ref: "nowhere" });
  expect([unknown.status, unknown.body]).toEqual([
    400,
    { message: { base: ["Reference not found"] } },
  ]);
  const body = { name: "empty", initialize_with_readme: true };
  const { body: empty } = await scene.call("POST", "/projects", { body });
  expect((await run(empty.id, { ref: "main" })).body).toEqual({
    message: { base: ["Missing CI config file"] },
  });
});

test("Variables of a pipeline stand above the project's, where the role may give them", async () => {
  const project = await scene.createProject("job: {script: make, variables: {A: file}}\n");
  const body = { key: "A", value: "project" };
  await scene.call("POST", `/projects/${project.id}/variables`, { body });
  const runner = await scene.createRunner(project.id);
  const value = async () => {
    const { body: job } = await scene.request(runner);
    await scene.update(job, { state: "success" });
    return job.variables.find((row: { key: string }) => row.key === "A").value;
  };
  expect(await value()).toBe("project");
  const given = { ref: "main", variables: [{ key: "A", value: "given" }] };
  await run(project.id, given);
  expect(await value()).toBe("given");
  const role = { ci_pipeline_variables_minimum_override_role: "no_one_allowed" };
  await scene.call("PUT", `/projects/${project.id}`, { body: role });
  expect((await run(project.id, given)).body).toEqual({
    message: { base: ["Insufficient permissions to set pipeline variables"] },
  });
});

test("Protected variables reach protected branches alone, masked ones are told as such", async () => {
  const project = await scene.createProject("job: {script: make}\n");
  const secret = { key: "SECRET", value: "hush-hush-hush", protected: true, masked: true };
  await scene.call("POST", `/projects/${project.id}/variables`, { body: secret });
  const runner = await scene.createRunner(project.id);
  const find = (job: { variables: { key: string }[] }) =>
    job.variables.find((row) => row.key === "SECRET");
  expect(find(await work(runner))).toMatchObject({ masked: true, public: false });
  const branch = { branch: "topic", ref: "main" };
  await scene.call("POST", `/projects/${project.id}/repository/branches`, { body: branch });
  const job = await work(runner);
  expect([job.git_info.ref, find(job)]).toEqual(["topic", undefined]);
});

test("Of a resource group one job runs at a time", async () => {
  const project = await scene.createProject("job: {script: put, resource_group: apt}\n");
  await run(project.id, { ref: "main" });
  const runner = await scene.createRunner(project.id);
  const { body: first } = await scene.request(runner);
  expect((await scene.request(runner)).status).toBe(204);
  expect(await scene.states(project.id)).toEqual({ job: "waiting_for_resource" });
  await scene.update(first, { state: "success" });
  expect((await scene.request(runner)).status).toBe(201);
});

test("A job with retry runs again by itself as often as it says", async () => {
  const project = await scene.createProject(
    "job: {script: make, retry: {max: 1, when: script_failure}}\n",
  );
  const runner = await scene.createRunner(project.id);
  const failed = { state: "failed", failure_reason: "script_failure" };
  const first = await work(runner, failed);
  expect((await scene.pipeline(project.id)).status).toBe("pending");
  const second = await work(runner, failed);
  expect(second.id).not.toBe(first.id);
  expect((await scene.pipeline(project.id)).status).toBe("failed");
});

test("A failure that is allowed, also by exit code, does not fail the pipeline", async () => {
  const project = await scene.createProject(
    "a: {script: make, allow_failure: true}\nb: {script: make, allow_failure: {exit_codes: 42}}\n",
  );
  const runner = await scene.createRunner(project.id);
  for (const exit_code of [1, 42]) await work(runner, { state: "failed", exit_code });
  expect((await scene.pipeline(project.id)).status).toBe("success");
});

test("Jobs by hand wait to be played, jobs on failure for one", async () => {
  const project = await scene.createProject(
    "build: {stage: build, script: make}\nclean: {script: rm, when: on_failure}\nhand: {stage: deploy, script: put, when: manual}\n",
  );
  const runner = await scene.createRunner(project.id);
  const build = await work(runner);
  expect(await scene.states(project.id)).toEqual({
    build: "success",
    clean: "skipped",
    hand: "manual",
  });
  const { body: jobs } = await scene.call("GET", `/projects/${project.id}/jobs?scope=manual`);
  const path = `/projects/${project.id}/jobs`;
  const body = { job_variables_attributes: [{ key: "WHO", value: "me" }] };
  const played = await scene.call("POST", `${path}/${jobs[0].id}/play`, { body });
  expect([played.status, played.body.status]).toEqual([200, "pending"]);
  expect((await work(runner)).variables).toContainEqual(
    expect.objectContaining({ key: "WHO", value: "me" }),
  );
  expect(await scene.call("POST", `${path}/${build.id}/play`)).toMatchObject({
    status: 400,
    body: { message: "400 Bad request - Unplayable Job" },
  });
});

test("A pipeline is canceled and retried as a whole", async () => {
  const project = await scene.createProject(stages);
  const runner = await scene.createRunner(project.id);
  const { body: job } = await scene.request(runner);
  const { id } = await scene.pipeline(project.id);
  const path = `/projects/${project.id}/pipelines/${id}`;
  const canceled = await scene.call("POST", `${path}/cancel`);
  expect([canceled.status, canceled.body.status]).toEqual([200, "canceled"]);
  expect((await scene.update(job, { state: "success" })).status).toBe(403);
  expect((await scene.call("POST", `${path}/retry`)).status).toBe(201);
  expect(await scene.states(project.id)).toEqual({ build: "pending", test: "created" });
  await work(runner);
  await work(runner);
  expect((await scene.pipeline(project.id)).status).toBe("success");
});

test("A newer commit cancels pipelines that may be interrupted, and no others", async () => {
  const project = await scene.createProject(
    "a: {script: make, interruptible: true}\nb: {script: put}\n",
  );
  const runner = await scene.createRunner(project.id);
  await scene.request(runner);
  await scene.commit(project.id, "a: {script: make}\n", "second");
  expect((await list(project.id)).map(({ status }) => status)).toEqual(["pending", "canceled"]);
  await scene.request(runner);
  await scene.commit(project.id, "a: {script: make again}\n", "third");
  expect((await list(project.id)).map(({ status }) => status)).toEqual([
    "pending",
    "running",
    "canceled",
  ]);
});

test("Strangers and reporters do not start pipelines", async () => {
  const project = await scene.createProject(stages);
  expect((await run(project.id, { ref: "main" }, "wrong")).status).toBe(401);
  const { body: user } = await scene.call("POST", "/users", {
    body: { username: "r", name: "r", email: "r@example.com", force_random_password: true },
  });
  const { body } = await scene.call("POST", `/users/${user.id}/personal_access_tokens`, {
    body: { name: "t", scopes: ["api"] },
  });
  expect((await run(project.id, { ref: "main" }, body.token)).status).toBe(404);
  const member = { user_id: user.id, access_level: 20 };
  await scene.call("POST", `/projects/${project.id}/members`, { body: member });
  expect((await run(project.id, { ref: "main" }, body.token)).status).toBe(403);
});

test("Strangers read the pipelines of a public project only while its jobs are public", async () => {
  const { id } = await scene.createProject(stages);
  const settings = { visibility: "public", public_jobs: true };
  await scene.call("PUT", `/projects/${id}`, { body: settings });
  const read = async () =>
    (await scene.call("GET", `/projects/${id}/pipelines`, { token: null })).status;
  expect(await read()).toBe(200);
  await scene.call("PUT", `/projects/${id}`, { body: { public_jobs: false } });
  expect(await read()).toBe(403);
});
