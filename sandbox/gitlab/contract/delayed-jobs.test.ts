import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

const file = [
  "stages: [build, rollout, clean]",
  "build: {stage: build, script: make}",
  "rollout: {stage: rollout, script: put, when: delayed, start_in: 30 minutes}",
  "clean: {stage: clean, script: rm}",
].join("\n");

let scene: RunnerScene;
let project: { id: number };
let runner: string;

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(file);
  runner = await scene.createRunner(project.id);
  await scene.update((await scene.request(runner)).body, { state: "success" });
});
afterEach(() => scene.stop());

async function find(name: string) {
  const { body } = await scene.call("GET", `/projects/${project.id}/jobs`);
  return body.find((job: { name: string }) => job.name === name);
}

test("A delayed job waits for its time once its turn has come, and what follows waits for it", async () => {
  scene.pass(1799);
  expect((await scene.request(runner)).status).toBe(204);
  expect(await scene.states(project.id)).toEqual({
    build: "success",
    rollout: "scheduled",
    clean: "created",
  });
  expect((await scene.pipeline(project.id)).status).toBe("scheduled");
  scene.pass(1);
  const { body: job } = await scene.request(runner);
  expect(job.job_info.name).toBe("rollout");
  await scene.update(job, { state: "success" });
  expect((await scene.request(runner)).body.job_info.name).toBe("clean");
});

test("A delayed job can be played before its time", async () => {
  const { id } = await find("rollout");
  const played = await scene.call("POST", `/projects/${project.id}/jobs/${id}/play`);
  expect([played.status, played.body.status]).toEqual([200, "pending"]);
  expect((await scene.request(runner)).body.id).toBe(id);
});

test("A delayed job that was canceled does not run when its time comes", async () => {
  const { id } = await find("rollout");
  await scene.call("POST", `/projects/${project.id}/jobs/${id}/cancel`);
  scene.pass(1801);
  expect((await scene.request(runner)).status).toBe(204);
  expect((await find("rollout")).status).toBe("canceled");
});

test("A rule delays a job", async () => {
  const rule = "{if: $CI_COMMIT_BRANCH, when: delayed, start_in: 1 hour}";
  const other = await scene.createProject(`job: {script: put, rules: [${rule}]}\n`);
  expect(await scene.states(other.id)).toEqual({ job: "scheduled" });
  const token = await scene.createRunner(other.id);
  scene.pass(3599);
  expect((await scene.request(token)).status).toBe(204);
  scene.pass(1);
  expect((await scene.request(token)).body.job_info.name).toBe("job");
});

test("Delayed jobs that are due at once go to as many runners, each to one", async () => {
  const job = (name: string) => `${name}: {script: put, when: delayed, start_in: 1 hour}`;
  const names = ["a", "b", "c", "d"];
  const other = await scene.createProject(names.map(job).join("\n"));
  const token = await scene.createRunner(other.id);
  scene.pass(3600);
  const asked = await Promise.all(Array.from({ length: 12 }, () => scene.request(token)));
  const taken = asked.flatMap(({ status, body }) => (status === 201 ? [body.job_info.name] : []));
  expect(taken.sort()).toEqual(names);
});
