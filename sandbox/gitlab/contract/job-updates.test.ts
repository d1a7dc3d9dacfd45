import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;
let project: { id: number };
let runner: string;
let job: { id: number; token: string };

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(
    "job: {script: make}\nlater: {script: make, stage: deploy}\n",
  );
  runner = await scene.createRunner(project.id);
  job = (await scene.request(runner)).body;
});
afterEach(() => scene.stop());

const read = async () => (await scene.call("GET", `/projects/${project.id}/jobs/${job.id}`)).body;

test("A trace grows piece by piece and is told how far it came", async () => {
  const first = await scene.trace(job, 0, "hello ");
  expect([first.status, first.headers.get("range"), first.headers.get("job-status")]).toEqual([
    202,
    "0-6",
    "running",
  ]);
  await scene.trace(job, 6, "wörld\n");
  const { body, headers } = await scene.call("GET", `/projects/${project.id}/jobs/${job.id}/trace`);
  expect(body).toBe("hello wörld\n");
  expect(headers.get("content-type")).toMatch(/^text\/plain/);
});

test("A trace with a gap is refused with the place to go on from", async () => {
  await scene.trace(job, 0, "hello");
  const { status, headers } = await scene.trace(job, 9, "world");
  expect([status, headers.get("range")]).toEqual([416, "0-5"]);
  expect((await scene.trace(job, 5, "world")).headers.get("range")).toBe("0-10");
});

test("A piece sent twice is there once", async () => {
  await scene.trace(job, 0, "hello");
  await scene.trace(job, 0, "hello");
  const { body } = await scene.call("GET", `/projects/${project.id}/jobs/${job.id}/trace`);
  expect(body).toBe("hello");
});

test("A piece without its range is refused", async () => {
  const headers = { "job-token": job.token, "content-type": "text/plain" };
  const path = `/jobs/${job.id}/trace`;
  expect((await scene.call("PATCH", path, { token: null, body: "x", headers })).status).toBe(400);
});

test("Success ends a job, lets later ones go on and voids its token", async () => {
  expect(await scene.update(job, { state: "running" })).toMatchObject({ status: 200, body: "200" });
  expect((await scene.update(job, { state: "success" })).status).toBe(200);
  expect(await read()).toMatchObject({ status: "success", name: "job" });
  expect(await scene.states(project.id)).toEqual({ job: "success", later: "pending" });
  expect((await scene.trace(job, 0, "late")).status).toBe(403);
});

test("Failure tells its reason and skips what follows", async () => {
  await scene.update(job, { state: "failed", failure_reason: "script_failure", exit_code: 1 });
  expect(await read()).toMatchObject({ status: "failed", failure_reason: "script_failure" });
  expect(await scene.states(project.id)).toEqual({ job: "failed", later: "skipped" });
  expect((await scene.pipeline(project.id)).status).toBe("failed");
});

test("A runner may tell in which environment a job could go on", async () => {
  const fields = { state: "success", runtime_environment_key: "key" };
  expect((await scene.update(job, fields)).status).toBe(200);
});

test("An unknown state is refused", async () => {
  expect((await scene.update(job, { state: "sleeping" })).status).toBe(400);
});

test("A trace that did not arrive whole is asked for again, once", async () => {
  await scene.trace(job, 0, "hel");
  const output = { checksum: `crc32:${crc32("hello").toString(16)}`, bytesize: 5 };
  expect((await scene.update(job, { state: "success", output })).status).toBe(412);
  expect((await read()).status).toBe("running");
  await scene.trace(job, 0, "hello");
  expect((await scene.update(job, { state: "success", output })).status).toBe(200);
});

test("A runner that counts otherwise for good is believed in the end", async () => {
  const output = { checksum: "crc32:00000001", bytesize: 9 };
  expect((await scene.update(job, { state: "success", output })).status).toBe(412);
  expect((await scene.update(job, { state: "success", output })).status).toBe(200);
});

test("A canceled job's runner is told to stop", async () => {
  await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/cancel`);
  const { status, headers, body } = await scene.trace(job, 0, "x");
  expect([status, headers.get("job-status")]).toEqual([403, "canceled"]);
  expect(body).toEqual({ message: "403 Forbidden - Job is not running" });
});

test("A runner that can cancels with its after_script run", async () => {
  await scene.update(job, { state: "success" });
  const features = { cancel_gracefully: true };
  job = (await scene.request(runner, { info: { features } })).body;
  await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/cancel`);
  expect((await scene.trace(job, 0, "x")).headers.get("job-status")).toBe("canceling");
  await scene.update(job, { state: "failed" });
  expect((await read()).status).toBe("canceled");
});

test("The token of another job and of nobody are 403 and tell nothing", async () => {
  await scene.update(job, { state: "success" });
  const other = (await scene.request(runner)).body;
  for (const token of [other.token, "glcbt-wrong"]) {
    const answers = [
      await scene.update({ id: job.id, token }, { state: "success" }),
      await scene.trace({ id: job.id, token }, 0, "x"),
      await scene.update({ id: 9999, token }, { state: "success" }),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.body]).toEqual([403, { message: "403 Forbidden" }]);
      expect(answer.headers.has("job-status")).toBe(false);
    }
  }
});

test("A job whose runner died fails after its timeout and can run again", async () => {
  scene.pass(3599);
  await scene.request(runner);
  expect((await read()).status).toBe("running");
  scene.pass(2);
  await scene.request(runner);
  expect(await read()).toMatchObject({
    status: "failed",
    failure_reason: "stuck_or_timeout_failure",
  });
  expect((await scene.update(job, { state: "success" })).status).toBe(403);
  const again = await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/retry`);
  expect([again.status, again.body.status]).toEqual([201, "pending"]);
  expect((await scene.request(runner)).body.id).toBe(again.body.id);
  const twice = await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/retry`);
  expect([twice.status, twice.body]).toEqual([
    403,
    { message: "403 Forbidden - Job is not retryable" },
  ]);
});

test("A job whose runner was removed can still be ended by who runs it", async () => {
  const { body } = await scene.call("GET", "/runners/all");
  expect((await scene.call("DELETE", `/runners/${body[0].id}`)).status).toBe(204);
  expect(await read()).toMatchObject({ status: "running", runner: null, runner_manager: null });
  expect((await scene.trace(job, 0, "x")).status).toBe(202);
  expect((await scene.update(job, { state: "success" })).status).toBe(200);
  expect((await read()).status).toBe("success");
});

test("A job whose runner was removed and that nobody ends is given up after its time", async () => {
  await scene.call("DELETE", "/runners", { token: null, body: { token: runner } });
  scene.pass(3601);
  await scene.request(await scene.createRunner(project.id));
  expect(await read()).toMatchObject({
    status: "failed",
    failure_reason: "stuck_or_timeout_failure",
  });
});

test("A job's token names its job, and nothing else does", async () => {
  const headers = { "job-token": job.token };
  expect((await scene.call("GET", "/job", { token: null, headers })).body.id).toBe(job.id);
  const wrong = { "job-token": "glcbt-wrong" };
  expect((await scene.call("GET", "/job", { token: null, headers: wrong })).status).toBe(401);
});
