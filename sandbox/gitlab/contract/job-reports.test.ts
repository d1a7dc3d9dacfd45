import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

interface TakenJob {
  id: number;
  token: string;
  job_info: { name: string };
  variables: { key: string; value: string; public: boolean }[];
}

const file = [
  "stages: [test, use]",
  "unit:",
  "  stage: test",
  "  script: make check",
  "  artifacts:",
  "    paths: [out/]",
  "    expire_in: 1 day",
  "    reports: {junit: [a.xml, b.xml], dotenv: build.env}",
  "use: {stage: use, script: put}",
].join("\n");

let scene: RunnerScene;
let project: { id: number };
let runner: string;

beforeEach(async () => {
  scene = await RunnerScene.start();
  project = await scene.createProject(file);
  runner = await scene.createRunner(project.id);
});
afterEach(() => scene.stop());

function send(job: TakenJob, type: string, format: string, content: string | Buffer) {
  const body = new FormData();
  body.append("file", new Blob([content]), `${type}.gz`);
  const path = `/jobs/${job.id}/artifacts?artifact_type=${type}&artifact_format=${format}`;
  return scene.call("POST", path, { token: null, body, headers: { "job-token": job.token } });
}

const suite = (...cases: string[]) => gzipSync(`<testsuite name="s">${cases.join("")}</testsuite>`);

test("A runner is told of each report beside the archive, to be sent whatever becomes of the job", async () => {
  const { body } = await scene.request(runner);
  const report = { when: "always", expire_in: "1 day", artifact_format: "gzip" };
  expect(body.artifacts).toEqual([
    {
      untracked: false,
      paths: ["out/"],
      when: "on_success",
      expire_in: "1 day",
      artifact_type: "archive",
      artifact_format: "zip",
    },
    { name: "junit.xml", paths: ["a.xml", "b.xml"], artifact_type: "junit", ...report },
    { name: ".env", paths: ["build.env"], artifact_type: "dotenv", ...report },
  ]);
});

test("A job with reports alone has no archive, and a coverage report is one of its format", async () => {
  const reports = "{coverage_report: {coverage_format: cobertura, path: c.xml}, sast: s.json}";
  const other = await scene.createProject(
    `job: {script: make, artifacts: {reports: ${reports}}}\n`,
  );
  const { body } = await scene.request(await scene.createRunner(other.id));
  expect(body.artifacts).toEqual([
    {
      name: "cobertura-coverage.xml",
      paths: ["c.xml"],
      when: "always",
      artifact_type: "cobertura",
      artifact_format: "gzip",
    },
    {
      name: "gl-sast-report.json",
      paths: ["s.json"],
      when: "always",
      artifact_type: "sast",
      artifact_format: "raw",
    },
  ]);
});

test("A job keeps artifacts of several types, and only the archive goes to later jobs", async () => {
  const { body: job } = await scene.request(runner);
  expect((await send(job, "archive", "zip", "zipped")).status).toBe(201);
  expect((await send(job, "junit", "gzip", suite())).status).toBe(201);
  expect((await send(job, "junit", "gzip", suite("<testcase/>"))).body).toEqual({
    message: "another artifact of the same type already exists",
  });
  const shown = await scene.call("GET", `/projects/${project.id}/jobs/${job.id}`);
  expect(shown.body.artifacts).toMatchObject([
    { file_type: "archive", file_format: "zip" },
    { file_type: "junit", file_format: "gzip", filename: "junit.gz", size: suite().length },
  ]);
  await scene.update(job, { state: "success" });
  const { body: use } = await scene.request(runner);
  expect(use.dependencies).toMatchObject([{ name: "unit", artifacts_file: { size: 6 } }]);
});

test("Types and formats that GitLab does not know, or not together, are refused", async () => {
  const { body: job } = await scene.request(runner);
  expect(await send(job, "constructor", "zip", "x")).toMatchObject({
    status: 400,
    body: { error: "artifact_type does not have a valid value" },
  });
  expect(await send(job, "junk", "tar", "x")).toMatchObject({
    status: 400,
    body: {
      error:
        "artifact_type does not have a valid value, artifact_format does not have a valid value",
    },
  });
  expect(await send(job, "junit", "zip", "x")).toMatchObject({
    status: 400,
    body: { message: "Validation failed: Invalid file format with specified file type" },
  });
});

test("What a job writes into its dotenv report, later jobs find above their own variables and below the project's", async () => {
  const key = "FROM_PROJECT";
  await scene.call("POST", `/projects/${project.id}/variables`, {
    body: { key, value: "project" },
  });
  const { body: job } = await scene.request(runner);
  const sent = await send(job, "dotenv", "gzip", gzipSync(`VERSION=1.2\n${key}=report\n`));
  expect(sent.status).toBe(201);
  await scene.update(job, { state: "success" });
  const { body: use }: { body: TakenJob } = await scene.request(runner);
  const value = (name: string) => use.variables.find((row) => row.key === name);
  expect(value("VERSION")).toMatchObject({ value: "1.2", public: false });
  expect(value(key)?.value).toBe("project");
});

test.each([
  ["needs: [unit]", "1.2"],
  ["needs: [{job: unit, artifacts: false}]", "own"],
  ["needs: []", "own"],
  ["dependencies: []", "own"],
  ["dependencies: [unit]", "1.2"],
])("With %s a job has the version %s", async (keyword, expected) => {
  const unit = "unit: {stage: build, script: make, artifacts: {reports: {dotenv: v}}}";
  const use = `use: {script: put, variables: {VERSION: own}, ${keyword}}`;
  await scene.commit(project.id, `${unit}\n${use}\n`);
  const { id } = await scene.pipeline(project.id);
  const next = async () => {
    for (;;) {
      const { body } = await scene.request(runner);
      if (body.job_info.pipeline_id === id) return body as TakenJob;
      await scene.update(body, { state: "failed" });
    }
  };
  let job = await next();
  while (job.job_info.name !== "unit") job = await next();
  await send(job, "dotenv", "gzip", gzipSync("VERSION=1.2\n"));
  await scene.update(job, { state: "success" });
  job = await next();
  expect(job.variables.find((row) => row.key === "VERSION")?.value).toBe(expected);
});

test("A dotenv report with a faulty line is refused and leaves nothing", async () => {
  const { body: job } = await scene.request(runner);
  expect(await send(job, "dotenv", "gzip", gzipSync("# comment\n"))).toMatchObject({
    status: 400,
    body: { message: "Invalid Format" },
  });
  const shown = await scene.call("GET", `/projects/${project.id}/jobs/${job.id}`);
  expect(shown.body.artifacts).toEqual([]);
});

test("A job that runs again does not hand on what it wrote before", async () => {
  const { body: job } = await scene.request(runner);
  await send(job, "dotenv", "gzip", gzipSync("VERSION=1.2\n"));
  await scene.update(job, { state: "failed" });
  await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/retry`);
  await scene.update((await scene.request(runner)).body, { state: "success" });
  const { body: use }: { body: TakenJob } = await scene.request(runner);
  expect(use.job_info.name).toBe("use");
  expect(use.variables.map(({ key }) => key)).not.toContain("VERSION");
});
