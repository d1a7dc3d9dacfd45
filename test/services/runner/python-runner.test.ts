import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { execa } from "execa";
import { beforeEach, expect, onTestFinished, type TestContext, test } from "vitest";
import { createSandbox, type Sandbox } from "../../../sandbox/gitlab/app.ts";
import { temporaryFolder } from "../sandbox-for-test.ts";
import { installPythonRunner } from "./python-runner.ts";

/** A runner somebody else wrote takes jobs over a real socket: what it understands is GitLab's protocol. */

const runner = await installPythonRunner();

let folder: string;
let sandbox: Sandbox;
let url: string;
let gitlab: InstanceType<typeof Gitlab>;

beforeEach(async (context: TestContext) => {
  if ("missing" in runner) return context.skip(runner.missing);
  folder = await temporaryFolder();
  sandbox = await createSandbox({ directory: join(folder, "gitlab") });
  onTestFinished(() => sandbox.close());
  url = await sandbox.listen();
  gitlab = new Gitlab({ host: url, token: sandbox.rootToken });
});

/** Runs the runner's program in the folder where it keeps its configuration. */
async function runProgram(...args: string[]) {
  if ("missing" in runner) throw new Error(runner.missing);
  const [python, script] = runner.program;
  return execa(python, [script, ...args], { cwd: folder, reject: false, timeout: 120_000 });
}

/** A project whose committed file starts a pipeline. */
async function createProject(file: string[]): Promise<number> {
  const { id } = await gitlab.Projects.create({ name: "datahook" });
  const content = file.join("\n");
  const action = { action: "create" as const, filePath: ".gitlab-ci.yml", content };
  await gitlab.Commits.create(id, "main", "Add a pipeline", [action]);
  return id;
}

/** Registers the runner the old way, with a project's registration token. */
async function register(project: number): Promise<void> {
  const path = `/api/v4/projects/${project}/runners/reset_registration_token`;
  const headers = { "private-token": sandbox.rootToken };
  const answer = await fetch(`${url}${path}`, { method: "POST", headers });
  const { token } = (await answer.json()) as { token: string };
  const options = ["--tag", "infra", "--shell", "/bin/bash", "--regtoken", token];
  expect((await runProgram("--register", url, ...options)).exitCode).toBe(0);
}

const runNextJob = () => runProgram("--start", "gitlab-runner.yml", "--once");

async function readJob(project: number, name: string) {
  const jobs = await gitlab.Jobs.all(project);
  const job = jobs.find((row) => row.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  return { ...job, trace: await gitlab.Jobs.showLog(project, job.id) };
}

test("It clones, runs and hands artifacts from one job to the next", async () => {
  const project = await createProject([
    "stages: [compile, upload]",
    "compile:",
    "  stage: compile",
    "  tags: [infra]",
    "  script: [mkdir packages, 'echo made by $CI_JOB_NAME of $CI_PROJECT_NAME > packages/file']",
    "  artifacts: {paths: [packages/]}",
    "upload:",
    "  stage: upload",
    "  tags: [infra]",
    "  needs: [compile]",
    "  script: [cat packages/file]",
  ]);
  await register(project);
  expect((await runNextJob()).exitCode).toBe(0);
  expect((await runNextJob()).exitCode).toBe(0);
  expect((await readJob(project, "compile")).status).toBe("success");
  const upload = await readJob(project, "upload");
  expect(upload.status).toBe("success");
  expect(upload.trace).toContain("made by compile of datahook");
  const [pipeline] = await gitlab.Pipelines.all(project);
  expect(pipeline?.status).toBe("success");
});

test("A script that fails fails its job", async () => {
  const project = await createProject([
    "job:",
    "  tags: [infra]",
    "  script: [echo before, exit 3]",
  ]);
  await register(project);
  await runNextJob();
  const job = await readJob(project, "job");
  expect(job.status).toBe("failed");
  expect(job.trace).toContain("before");
});

test("It takes itself away", async () => {
  const project = await createProject(["job:", "  tags: [infra]", "  script: make"]);
  await register(project);
  expect(await gitlab.Runners.all({ projectId: project })).toHaveLength(1);
  expect((await runProgram("--unregister")).exitCode).toBe(0);
  expect(await gitlab.Runners.all({ projectId: project })).toHaveLength(0);
});
