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

async function report() {
  const { id } = await scene.pipeline(project.id);
  return scene.call("GET", `/projects/${project.id}/pipelines/${id}/test_report`);
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

test("The tests of a pipeline are told job by job, failures first", async () => {
  const { body: job } = await scene.request(runner);
  const packed = [
    suite(
      '<testcase classname="C" name="good" time="1"/>',
      '<testcase classname="C" name="good" time="8"/>',
    ),
    suite('<testcase classname="C" name="bad" time="0.5"><failure>no</failure></testcase>'),
  ];
  await send(job, "junit", "gzip", Buffer.concat(packed));
  const counts = {
    total_time: 1.5,
    total_count: 2,
    success_count: 1,
    failed_count: 1,
    skipped_count: 0,
    error_count: 0,
  };
  const good = { status: "success", name: "good", classname: "C", execution_time: 1 };
  const bad = { status: "failed", name: "bad", classname: "C", execution_time: 0.5 };
  expect((await report()).body).toEqual({
    ...counts,
    test_suites: [
      {
        name: "unit",
        ...counts,
        suite_error: null,
        test_cases: [
          { ...bad, system_output: "no", stack_trace: null },
          { ...good, system_output: null, stack_trace: null },
        ],
      },
    ],
  });
});

test("A report that cannot be read counts nothing and tells why", async () => {
  const { body: job } = await scene.request(runner);
  await send(job, "junit", "gzip", Buffer.concat([suite("<testcase/>"), gzipSync("<testsuite>")]));
  const { body } = await report();
  expect(body).toMatchObject({ total_count: 0, test_suites: [{ name: "unit", test_cases: [] }] });
  expect(body.test_suites[0].suite_error).toMatch(/^JUnit XML parsing failed: /);
});

test("A retried job's report takes the place of the first one's", async () => {
  const { body: job } = await scene.request(runner);
  await send(job, "junit", "gzip", suite("<testcase name='1'/>", "<testcase name='2'/>"));
  await scene.update(job, { state: "failed" });
  await scene.call("POST", `/projects/${project.id}/jobs/${job.id}/retry`);
  expect((await report()).body.total_count).toBe(0);
  const { body: second } = await scene.request(runner);
  await send(second, "junit", "gzip", suite("<testcase/>"));
  expect((await report()).body.total_count).toBe(1);
});

test("Strangers see no tests of a private project", async () => {
  const { id } = await scene.pipeline(project.id);
  const path = `/projects/${project.id}/pipelines/${id}/test_report`;
  expect((await scene.call("GET", path, { token: null })).status).toBe(404);
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

test("The parts of a parallel job are one suite, those of a matrix are several", async () => {
  const parts = "unit: {script: make, parallel: 2, artifacts: {reports: {junit: u}}}";
  const matrix = "{matrix: [{OS: [a, b]}]}";
  const runs = `os: {script: make, parallel: ${matrix}, artifacts: {reports: {junit: o}}}`;
  const other = await scene.createProject(`${parts}\n${runs}\n`);
  const token = await scene.createRunner(other.id);
  for (const name of ["1", "2", "3", "4"]) {
    const { body: job } = await scene.request(token);
    await send(job, "junit", "gzip", suite(`<testcase name="${name}"/>`));
  }
  const { id } = await scene.pipeline(other.id);
  const { body } = await scene.call("GET", `/projects/${other.id}/pipelines/${id}/test_report`);
  const counted = body.test_suites.map((row: { name: string; total_count: number }) => [
    row.name,
    row.total_count,
  ]);
  expect(counted).toEqual([
    ["unit", 2],
    ["os: [a]", 1],
    ["os: [b]", 1],
  ]);
});
