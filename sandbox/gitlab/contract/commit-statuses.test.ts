import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;
let project: { id: number; path_with_namespace: string };
let path: string;
let sha: string;

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(
    "a: {stage: build, script: make}\nb: {script: check, allow_failure: true}\n",
  );
  ({ sha } = await scene.pipeline(project.id));
  path = `/projects/${project.id}/repository/commits/${sha}`;
});
afterEach(() => scene.stop());

async function statuses(query = "") {
  const { body } = await scene.call("GET", `${path}/statuses${query}`);
  return body.map((row: { name: string; status: string }) => `${row.name} ${row.status}`);
}

test("A commit tells the newest pipeline for it and how that stands", async () => {
  const { id } = await scene.pipeline(project.id);
  const { body } = await scene.call("GET", path);
  expect(body).toMatchObject({
    status: "pending",
    last_pipeline: { id, project_id: project.id, sha, ref: "main", status: "pending" },
  });
  const branch = { branch: "topic", ref: "main" };
  await scene.call("POST", `/projects/${project.id}/repository/branches`, { body: branch });
  await scene.request(await scene.createRunner(project.id));
  const again = await scene.call("GET", path);
  expect(again.body).toMatchObject({ status: "pending", last_pipeline: { ref: "topic" } });
});

test("Who may not see the jobs of a public project sees no pipeline at a commit", async () => {
  const settings = { visibility: "public", public_jobs: true };
  await scene.call("PUT", `/projects/${project.id}`, { body: settings });
  const read = async () => (await scene.call("GET", path, { token: null })).body;
  expect((await read()).last_pipeline).toMatchObject({ sha });
  await scene.call("PUT", `/projects/${project.id}`, { body: { public_jobs: false } });
  expect(await read()).toMatchObject({ id: sha, status: null, last_pipeline: null });
});

test("The statuses of a commit are its jobs", async () => {
  const { id } = await scene.pipeline(project.id);
  const { body } = await scene.call("GET", `${path}/statuses`);
  expect(body[0]).toEqual({
    id: expect.any(Number),
    sha,
    ref: "main",
    status: "pending",
    name: "a",
    target_url: `http://gitlab.test/${project.path_with_namespace}/-/jobs/${body[0].id}`,
    description: null,
    created_at: "2026-03-01T12:00:00.000Z",
    started_at: null,
    finished_at: null,
    allow_failure: false,
    coverage: null,
    pipeline_id: id,
    author: expect.objectContaining({ username: "root" }),
  });
  expect(body[1]).toMatchObject({ name: "b", status: "created", allow_failure: true });
});

test("Statuses are chosen by ref, stage, name and pipeline, and sorted", async () => {
  const branch = { branch: "topic", ref: "main" };
  await scene.call("POST", `/projects/${project.id}/repository/branches`, { body: branch });
  expect(await statuses("?stage=test")).toEqual(["b created", "b created"]);
  expect(await statuses("?name=a&ref=topic")).toEqual(["a pending"]);
  const { id } = await scene.pipeline(project.id);
  expect(await statuses(`?pipeline_id=${id}&sort=desc`)).toEqual(["b created", "a pending"]);
  expect(await statuses("?order_by=pipeline_id&per_page=1")).toEqual(["a pending"]);
});

test("Of a retried job the last run is told, or with all every one", async () => {
  const { body: job } = await scene.request(await scene.createRunner(project.id));
  await scene.update(job, { state: "failed" });
  await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/retry`);
  expect(await statuses("?name=a")).toEqual(["a pending"]);
  expect(await statuses("?name=a&all=true")).toEqual(["a failed", "a pending"]);
});

test("An unknown commit has no statuses, a private project none for strangers", async () => {
  const unknown = `/projects/${project.id}/repository/commits/${"0".repeat(40)}/statuses`;
  expect(await scene.call("GET", unknown)).toMatchObject({
    status: 404,
    body: { message: "404 Commit Not Found" },
  });
  expect((await scene.call("GET", `${path}/statuses`, { token: null })).status).toBe(401);
});

test("What jobs print of their coverage is told of job, status and pipeline", async () => {
  const job = (name: string) => `${name}: {script: check, coverage: '/lines: \\d+\\.\\d+/'}`;
  const other = await scene.createProject(`${job("a")}\n${job("b")}\nc: {script: make}\n`);
  const runner = await scene.createRunner(other.id);
  for (const text of ["lines: 50.5\n", "lines: 60.0\n", "lines: 1.0\n"]) {
    const { body: taken } = await scene.request(runner);
    await scene.trace(taken, 0, text);
    await scene.update(taken, { state: "success" });
  }
  const { sha: id, coverage } = await scene.pipeline(other.id);
  expect(coverage).toBe("55.25");
  const rows = async (place: string) =>
    (await scene.call("GET", `/projects/${other.id}/${place}`)).body.map(
      (row: { coverage: number | null }) => row.coverage,
    );
  expect(await rows("jobs")).toEqual([null, 60, 50.5]);
  expect(await rows(`repository/commits/${id}/statuses`)).toEqual([50.5, 60, null]);
});
