import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ensureDocker } from "../../sandbox/run-pipeline/docker.ts";
import { runPipeline } from "../../sandbox/run-pipeline/run.ts";
import type { RegisteredRunners } from "../../sandbox/run-pipeline/runner-jobs.ts";
import { findRunnerProgram } from "../../sandbox/run-pipeline/runner-process.ts";
import type { Upload } from "../../sandbox/run-pipeline/uploads.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/services/sandbox.ts";
import { repository } from "../../toolchain/paths.ts";
import { devConfiguration, EngineStack } from "../support/engine-stack.ts";
import { watchCommandLines } from "../support/processes.ts";

const possible = await mayRunContainers();
const cleanups: (() => Promise<unknown>)[] = [];
let directory: string;
let sandbox: RunningSandbox;
const program = await findRunnerProgram();
let runs: { first: Run; second: Run; user: Run; failing: Run; fewer: Run };
let stack: EngineStack;
let commands: ReadonlySet<string>;

interface Run {
  /** None where a job failed. */
  readonly uploads: readonly Upload[];
  /** What was printed. */
  readonly log: string;
}

beforeAll(async () => {
  if (!possible) return;
  directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.push(() => rm(directory, { recursive: true, force: true }));
  sandbox = await startSandbox({ directory, ports: "free" });
  cleanups.push(() => sandbox.stop());
  stack = await EngineStack.create({
    environment: sandbox.env,
    configuration: await configure(sandbox.urls.registry),
  });
  cleanups.push(() => stack.remove());
  const { succeeded, text } = await stack.up();
  expect(succeeded, text).toBe(true);
  cleanups.push(() => dockerService(sandboxLayout(directory)).stop());
  const watch = watchCommandLines();
  runs = {
    first: await runExample("ying"),
    second: await runExample("ying"),
    user: await runExample("datahook"),
    failing: await runChanged({ version: "2.0.2", samples: "[1, 2, 3]" }),
    fewer: await runWithFewerVersions("2.0.3"),
  };
  commands = await watch.stop();
});
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});
beforeEach(({ skip }) => skip(!possible, "this user may not start containers (CAP_SYS_ADMIN)"));

test("a package is compiled for both distributions, published, and installs", () => {
  expect(runs.first.uploads.map(describeUpload)).toEqual([
    "trunk/bookworm main: ying 1.2.0-1~bookworm amd64",
    "trunk/trixie main: ying 1.2.0-1~trixie amd64",
  ]);
  expect(runs.first.log).toMatch(/^bookworm: installed with apt-get in a clean container/m);
  expect(runs.first.log).toMatch(/^trixie: installed with apt-get in a clean container/m);
});

test("the same pipeline again publishes the same bytes", () => {
  expect(runs.second.uploads).toEqual(runs.first.uploads);
});

test("a package that uses it builds against what was published, and runs where it is installed", () => {
  expect(runs.user.uploads.map(({ codename }) => codename)).toEqual(["bookworm", "trixie"]);
  expect(runs.user.log.match(/^ +mean: 61$/gm)).toHaveLength(2);
});

test("a package is tested where it is installed, before it is uploaded", () => {
  for (const codename of ["bookworm", "trixie"]) {
    const lines = runs.user.log.split("\n").filter((line) => line.includes(`_on_${codename} `));
    const steps = [/Setting up datahook \(/, /0 tests failed out of 2/, /upload_on_\w+ +starting/];
    const at = steps.map((step) => lines.findIndex((line) => step.test(line)));
    expect(at).not.toContain(-1);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  }
});

test("a package whose tests fail is uploaded nowhere, and its report is kept", async () => {
  expect(runs.failing.log).toContain("Built target datahook");
  expect(runs.failing.log).not.toMatch(/upload_on_\w+ +starting/);
  for (const job of ["test_on_bookworm", "test_on_trixie"]) {
    const artifacts = join(directory, "failing", job);
    const report = await readFile(join(artifacts, "tested/junit.xml"), "utf8");
    expect(report).toMatch(/tests="2"\s+failures="1"/);
  }
  expect(runs.fewer.log).not.toContain("2.0.2-1");
});

test("an upload leaves as many versions as the configuration says, and names those that go", () => {
  const removed = runs.fewer.log.matchAll(/> removed (.*), for KEEP_VERSIONS is 1$/gm);
  expect([...removed].map(([, words]) => words).sort()).toEqual([
    "datahook 2.0.1-1~bookworm (amd64) from infra_bookworm",
    "datahook 2.0.1-1~trixie (amd64) from infra_trixie",
  ]);
  expect(runs.fewer.uploads.map(describeUpload)).toEqual([
    "trunk/bookworm main: datahook 2.0.3-1~bookworm amd64",
    "trunk/trixie main: datahook 2.0.3-1~trixie amd64",
  ]);
});

test("the stack's registered runner takes GitLab's own pipeline and publishes the same bytes", async ({
  skip,
}) => {
  if (program === undefined) return skip("there is no gitlab-runner: make test builds one");
  const configs = (await stack.outputs()).runnerConfigs as Record<string, string>;
  const { registry } = sandbox.urls;
  const { uploads, log } = await runExample("ying", {
    runners: { program, configs, registry },
  });
  expect(uploads).toEqual(runs.first.uploads);
  expect(log).toMatch(/^upload_on_trixie +published ying 1\.2\.0-1~trixie/m);
  expect(log).toMatch(/^trixie: installed with apt-get in a clean container/m);
  expect(log).not.toContain(sandbox.credentials.aptlyPassword);
});

test("aptly's password is on no command line and in nothing that is printed", () => {
  const { aptlyPassword } = sandbox.credentials;
  expect([...commands].filter((line) => line.includes("curl --config -"))).not.toEqual([]);
  expect([...commands].filter((line) => line.includes(aptlyPassword))).toEqual([]);
  for (const { log } of Object.values(runs)) expect(log).not.toContain(aptlyPassword);
});

/** The committed configuration with this sandbox's registry, building its images. */
async function configure(registry: string): Promise<Record<string, unknown>> {
  const { "trunkline:images": _, ...committed } = await devConfiguration();
  return JSON.parse(JSON.stringify(committed).replaceAll("127.0.0.1:5050", registry));
}

/** Runs datahook in another version, and with other samples in its tests where given. */
async function runChanged({ version, samples }: { version: string; samples?: string }) {
  const source = await mkdtemp(join(directory, "source-"));
  await cp(join(repository, "examples/datahook"), source, { recursive: true });
  await edit(join(source, "CMakeLists.txt"), /VERSION 2\.0\.1/, `VERSION ${version}`);
  if (samples === undefined) return runExample("datahook", { source });
  await edit(join(source, "test/boiler.yaml"), /samples: .*/, `samples: ${samples}`);
  const run = await runExample("datahook", { source, fails: true });
  const artifacts = join(directory, "pipelines/datahook/state/artifacts");
  await cp(artifacts, join(directory, "failing"), { recursive: true });
  return run;
}

async function runWithFewerVersions(version: string): Promise<Run> {
  const { "trunkline:apt": apt } = await devConfiguration();
  await stack.configure({ "trunkline:apt": { ...(apt as object), keepVersions: 1 } });
  const { text } = await stack.preview();
  expect(text).toMatch(/^ +\+ KEEP_VERSIONS *: "1"$/m);
  const { succeeded, text: applied } = await stack.up();
  expect(succeeded, applied).toBe(true);
  return runChanged({ version });
}

async function edit(file: string, what: RegExp, by: string): Promise<void> {
  const text = await readFile(file, "utf8");
  expect(text).toMatch(what);
  await writeFile(file, text.replace(what, by));
}

interface ExampleArgs {
  /** Default: the example as it is. */
  readonly source?: string;
  readonly runners?: RegisteredRunners;
  /** Whether a job is expected to fail. Default: false. */
  readonly fails?: boolean;
}

async function runExample(name: string, args: ExampleArgs = {}): Promise<Run> {
  const { source = join(repository, "examples", name), runners, fails = false } = args;
  const { env, urls } = sandbox;
  const layout = sandboxLayout(directory);
  const lines: string[] = [];
  const running = runPipeline({
    project: `infra/${name}`,
    source,
    gitlab: { url: env.GITLAB_BASE_URL ?? "", token: env.GITLAB_TOKEN ?? "" },
    docker: await ensureDocker(layout),
    aptUrl: urls.apt,
    keyFile: layout.publicKey,
    baseImage: (codename) => `${urls.registry}/debian:${codename}`,
    directory: join(directory, "pipelines", name),
    ...(runners && { runners }),
    report: (line) => lines.push(line),
  });
  if (fails) {
    await expect(running).rejects.toMatchObject({ code: "jobs-failed" });
    return { uploads: [], log: lines.join("\n") };
  }
  const uploads = await running.catch((cause: unknown) => {
    throw new Error(lines.slice(-40).join("\n"), { cause });
  });
  return { uploads, log: lines.join("\n") };
}

function describeUpload({ prefix, codename, component, packages }: Upload): string {
  const list = packages.map((each) => `${each.package} ${each.version} ${each.architecture}`);
  return `${prefix}/${codename} ${component}: ${list.join(", ")}`;
}
