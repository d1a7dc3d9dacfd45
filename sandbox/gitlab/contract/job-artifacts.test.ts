import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

const file = [
  "stages: [build, upload]",
  "build: {stage: build, script: make, artifacts: {paths: [out/], expire_in: 1 day}}",
  "upload: {stage: upload, script: put, needs: [build], dependencies: [build]}",
].join("\n");

let scene: RunnerScene;
let project: { id: number };
let runner: string;
let build: { id: number; token: string };

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(file);
  runner = await scene.createRunner(project.id);
  build = (await scene.request(runner)).body;
});
afterEach(() => scene.stop());

function send(job: { id: number; token: string }, content: string | Buffer, query = "") {
  const form = new FormData();
  form.append("file", new Blob([content]), "out.zip");
  const body = form;
  const headers = { "job-token": job.token };
  return scene.call("POST", `/jobs/${job.id}/artifacts${query}`, { token: null, body, headers });
}

function fetchFor(id: number, token: string) {
  const headers = { "job-token": token };
  return scene.call("GET", `/jobs/${id}/artifacts`, { token: null, headers });
}

test("What one job leaves, the job that depends on it fetches with its own token", async () => {
  expect(await send(build, "zipped")).toMatchObject({ status: 201, body: "201" });
  await scene.update(build, { state: "success" });
  const { body: upload } = await scene.request(runner);
  const artifacts_file = { filename: "out.zip", size: 6 };
  expect(upload.dependencies).toEqual([
    { id: build.id, name: "build", token: upload.token, artifacts_file },
  ]);
  expect(await fetchFor(build.id, upload.token)).toMatchObject({ status: 200, body: "zipped" });
  const shown = await scene.call("GET", `/projects/${project.id}/jobs/${build.id}`);
  expect(shown.body).toMatchObject({
    artifacts_file,
    artifacts: [{ file_type: "archive", file_format: "zip", filename: "out.zip", size: 6 }],
    artifacts_expire_at: "2026-03-02T12:00:00.000Z",
  });
});

test("An artifact above the project's limit is refused and leaves nothing", async () => {
  await scene.call("PUT", `/projects/${project.id}`, { body: { max_artifacts_size: 1 } });
  expect(await send(build, Buffer.alloc(1024 * 1024 + 1))).toMatchObject({
    status: 413,
    body: { message: "413 Request Entity Too Large" },
  });
  await scene.update(build, { state: "success" });
  const { body: upload } = await scene.request(runner);
  expect(upload.dependencies).toEqual([]);
  expect((await fetchFor(build.id, upload.token)).status).toBe(404);
});

test("An artifact as large as the limit is taken", async () => {
  await scene.call("PUT", `/projects/${project.id}`, { body: { max_artifacts_size: 1 } });
  expect((await send(build, Buffer.alloc(1024 * 1024))).status).toBe(201);
});

test("The same upload twice is one artifact, another one is refused", async () => {
  expect((await send(build, "zipped")).status).toBe(201);
  expect((await send(build, "zipped")).status).toBe(201);
  expect(await send(build, "other")).toMatchObject({
    status: 400,
    body: { message: "another artifact of the same type already exists" },
  });
});

test("Wrong, ended and foreign tokens neither send nor fetch", async () => {
  await send(build, "zipped");
  await scene.update(build, { state: "success" });
  expect((await send(build, "late")).status).toBe(403);
  expect((await send({ ...build, token: "glcbt-wrong" }, "x")).status).toBe(403);
  expect((await fetchFor(build.id, "glcbt-wrong")).status).toBe(401);
  const other = await scene.createProject("job: {script: make}\n");
  const { body: foreign } = await scene.request(await scene.createRunner(other.id));
  expect(await fetchFor(build.id, foreign.token)).toMatchObject({
    status: 403,
    body: { message: "403 Forbidden" },
  });
});

test("An expired artifact is gone, and the job that needs it fails and says so", async () => {
  await scene.call("PUT", `/projects/${project.id}`, { body: { keep_latest_artifact: false } });
  await send(build, "zipped", "?expire_in=1h");
  await scene.update(build, { state: "success" });
  scene.pass(3601);
  expect((await scene.request(runner)).status).toBe(204);
  const { body } = await scene.call("GET", `/projects/${project.id}/jobs`);
  expect(body[0]).toMatchObject({
    name: "upload",
    status: "failed",
    failure_reason: "missing_dependency_failure",
  });
});

test("People read artifacts and traces of jobs, strangers do not", async () => {
  await send(build, "zipped");
  await scene.trace(build, 0, "hello");
  const path = `/projects/${project.id}/jobs/${build.id}`;
  expect((await scene.call("GET", `${path}/artifacts`)).body).toBe("zipped");
  for (const end of ["/artifacts", "/trace", ""])
    expect((await scene.call("GET", `${path}${end}`, { token: null })).status).toBe(404);
  expect((await scene.call("GET", `${path}/trace`)).body).toBe("hello");
});

test("Artifacts whose time is over leave the disk, those of the newest successful pipeline stay", async () => {
  await send(build, "zipped", "?expire_in=1h");
  await scene.trace(build, 0, "hello");
  await scene.update(build, { state: "success" });
  await scene.update((await scene.request(runner)).body, { state: "success" });
  scene.pass(3601);
  await scene.request(runner);
  expect(scene.jobFiles(build.id)).toEqual(["artifact-archive", "trace.log"]);
  await scene.commit(project.id, `${file}\n# again\n`);
  for (const state of ["success", "success"])
    await scene.update((await scene.request(runner)).body, { state });
  await scene.request(runner);
  expect(scene.jobFiles(build.id)).toEqual(["trace.log"]);
  const { body } = await scene.call("GET", `/projects/${project.id}/jobs/${build.id}`);
  expect(body.artifacts.map((row: { file_type: string }) => row.file_type)).toEqual(["trace"]);
  expect(body).not.toHaveProperty("artifacts_file");
  expect(body.artifacts_expire_at).toBe("2026-03-01T13:00:00.000Z");
});
