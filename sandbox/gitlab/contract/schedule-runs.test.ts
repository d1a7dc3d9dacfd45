import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

const file = [
  "push: {script: make, only: [pushes]}",
  "nightly: {script: 'echo $MODE', rules: [{if: $CI_PIPELINE_SOURCE == 'schedule'}]}",
].join("\n");
const nightly = { description: "every night", ref: "main", cron: "0 1 * * *" };

let scene: RunnerScene;
let project: { id: number };
let runner: string;
let path: string;

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(file);
  runner = await scene.createRunner(project.id);
  await scene.update((await scene.request(runner)).body, { state: "success" });
  path = `/projects/${project.id}/pipeline_schedules`;
});
afterEach(() => scene.stop());

async function createSchedule(fields: Record<string, unknown> = {}): Promise<string> {
  const { body } = await scene.call("POST", path, { body: { ...nightly, ...fields } });
  return `${path}/${body.id}`;
}

async function pipelines(schedule: string) {
  return (await scene.call("GET", `${schedule}/pipelines`)).body as { id: number }[];
}

/** Someone with a role in the project; gives their token. */
async function join(level: number): Promise<string> {
  const fields = { username: `u${level}`, name: "u", email: `u${level}@example.com` };
  const user = await scene.call("POST", "/users", {
    body: { ...fields, force_random_password: true },
  });
  const member = { user_id: user.body.id, access_level: level };
  await scene.call("POST", `/projects/${project.id}/members`, { body: member });
  const body = { name: "t", scopes: ["api"] };
  const tokens = `/users/${user.body.id}/personal_access_tokens`;
  return (await scene.call("POST", tokens, { body })).body.token;
}

const twelveHours = 12 * 60 * 60;

test("When its hour comes a schedule makes a pipeline with its variables, and then waits for the next", async () => {
  const schedule = await createSchedule();
  const body = { key: "MODE", value: "full" };
  await scene.call("POST", `${schedule}/variables`, { body });
  expect((await scene.request(runner)).status).toBe(204);
  scene.pass(13 * 60 * 60);
  const { body: job } = await scene.request(runner);
  expect(job.job_info.name).toBe("nightly");
  expect(job.variables).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: "MODE", value: "full" }),
      expect.objectContaining({ key: "CI_PIPELINE_SOURCE", value: "schedule" }),
      expect.objectContaining({ key: "CI_PIPELINE_SCHEDULE_DESCRIPTION", value: "every night" }),
    ]),
  );
  expect((await scene.request(runner)).status).toBe(204);
  const shown = await scene.call("GET", schedule);
  expect(shown.body).toMatchObject({
    next_run_at: "2026-03-03T01:00:00.000Z",
    last_pipeline: { id: job.job_info.pipeline_id, ref: "main", status: "running" },
  });
  const { body: pipeline } = await scene.call(
    "GET",
    `/projects/${project.id}/pipelines/${job.job_info.pipeline_id}`,
  );
  expect(pipeline).toMatchObject({ source: "schedule", user: { username: "root" } });
});

test("Times that nobody noticed make one pipeline, also after a restart", async () => {
  const schedule = await createSchedule();
  await scene.restart();
  scene.pass(10 * 24 * 60 * 60);
  await scene.request(runner);
  await scene.request(runner);
  expect(await pipelines(schedule)).toHaveLength(1);
});

test("A schedule that is switched off makes none, and one switched on waits for its hour", async () => {
  const schedule = await createSchedule({ active: false });
  scene.pass(2 * twelveHours);
  await scene.request(runner);
  await scene.call("PUT", schedule, { body: { active: true } });
  await scene.request(runner);
  expect(await pipelines(schedule)).toEqual([]);
  scene.pass(2 * twelveHours);
  await scene.request(runner);
  expect(await pipelines(schedule)).toHaveLength(1);
});

test("A schedule can be played at once, again and again, without losing its turn", async () => {
  const schedule = await createSchedule({ active: false });
  const { status, body } = await scene.call("POST", `${schedule}/play`);
  expect([status, body]).toEqual([201, { message: "201 Created" }]);
  await scene.call("POST", `${schedule}/play`);
  const [first, second] = await pipelines(schedule);
  expect(first?.id).toBeLessThan(second?.id ?? 0);
  const newest = await scene.call("GET", `${schedule}/pipelines?sort=desc&per_page=1`);
  expect(newest.body).toMatchObject([{ id: second?.id, source: "schedule", ref: "main" }]);
  expect((await scene.call("GET", `${schedule}/pipelines?status=failed`)).body).toEqual([]);
  const shown = await scene.call("GET", schedule);
  expect(shown.body.last_pipeline.id).toBe(second?.id);
});

test("Who may not push to a protected branch may not play its schedule, nor run it as owner", async () => {
  const developer = await join(30);
  const schedule = await createSchedule();
  const played = await scene.call("POST", `${schedule}/play`, { token: developer });
  expect([played.status, played.body]).toEqual([403, { message: "403 Forbidden" }]);
  const { body } = await scene.call("POST", path, { body: nightly, token: developer });
  scene.pass(13 * 60 * 60);
  await scene.request(runner);
  expect(await pipelines(`${path}/${body.id}`)).toEqual([]);
  expect(await pipelines(schedule)).toHaveLength(1);
});

test("Who plays another's schedule is whose pipeline it is", async () => {
  const maintainer = await join(40);
  const schedule = await createSchedule();
  expect((await scene.call("POST", `${schedule}/play`, { token: maintainer })).status).toBe(201);
  expect((await scene.pipeline(project.id)).user.username).toBe("u40");
});

test("A schedule of a branch that is gone, or of a faulty file, makes no pipeline", async () => {
  const gone = await createSchedule({ ref: "gone" });
  await scene.call("POST", `${gone}/play`);
  expect(await pipelines(gone)).toEqual([]);
  await scene.commit(project.id, "job: {script: make, retires: 2}\n");
  const faulty = await createSchedule();
  await scene.call("POST", `${faulty}/play`);
  expect(await pipelines(faulty)).toEqual([]);
});

test("A schedule of a tag makes a pipeline of the tag", async () => {
  await scene.call("POST", `/projects/${project.id}/repository/tags`, {
    body: { tag_name: "v1", ref: "main" },
  });
  const schedule = await createSchedule({ ref: "v1" });
  await scene.call("POST", `${schedule}/play`);
  expect(await pipelines(schedule)).toMatchObject([{ ref: "v1" }]);
  expect((await scene.pipeline(project.id)).tag).toBe(true);
});

test("A schedule that is due makes one pipeline though many runners ask, one that never is makes none", async () => {
  const never = await createSchedule({ cron: "0 0 30 2 *" });
  const schedule = await createSchedule();
  scene.pass(2 * twelveHours);
  await Promise.all(Array.from({ length: 12 }, () => scene.request(runner)));
  expect(await pipelines(schedule)).toHaveLength(1);
  expect(await pipelines(never)).toEqual([]);
  expect((await scene.call("GET", never)).body.next_run_at).toBeNull();
});
