import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findRunnerProgram } from "../../sandbox/run-pipeline/runner-process.ts";
import type { Upload } from "../../sandbox/run-pipeline/uploads.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { repository } from "../../toolchain/paths.ts";
import { devConfiguration } from "../support/engine-stack.ts";
import {
  type PipelineRun,
  type PipelinesInDocker,
  startPipelinesInDocker,
} from "../support/pipelines-in-docker.ts";
import { watchCommandLines } from "../support/processes.ts";

const possible = await mayRunContainers();
const cleanups = new AsyncDisposableStack();
const program = await findRunnerProgram();
let pipelines: PipelinesInDocker;
let runs: Record<"first" | "second" | "user" | "failing" | "fewer", PipelineRun>;
let commands: ReadonlySet<string>;

beforeAll(async () => {
  if (!possible) return;
  pipelines = await startPipelinesInDocker(cleanups);
  const watch = watchCommandLines();
  runs = {
    first: await pipelines.run("ying"),
    second: await pipelines.run("ying"),
    user: await pipelines.run("datahook"),
    failing: await runChanged({ version: "2.0.2", samples: "[1, 2, 3]" }),
    fewer: await runWithFewerVersions("2.0.3"),
  };
  commands = await watch.stop();
});
afterAll(() => cleanups.disposeAsync());
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
    const artifacts = join(pipelines.directory, "failing", job);
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
  const { sandbox, stack } = pipelines;
  const configs = (await stack.outputs()).runnerConfigs as Record<string, string>;
  const { registry } = sandbox.urls;
  const { uploads, log } = await pipelines.run("ying", {
    runners: { program, configs, registry },
  });
  expect(uploads).toEqual(runs.first.uploads);
  expect(log).toMatch(/^upload_on_trixie +already published ying 1\.2\.0-1~trixie/m);
  expect(log).toMatch(/^trixie: installed with apt-get in a clean container/m);
  expect(log).not.toContain(sandbox.credentials.aptlyPassword);
});

test("aptly's password is on no command line and in nothing that is printed", () => {
  const { aptlyPassword } = pipelines.sandbox.credentials;
  expect([...commands].filter((line) => line.includes("curl --config -"))).not.toEqual([]);
  expect([...commands].filter((line) => line.includes(aptlyPassword))).toEqual([]);
  for (const { log } of Object.values(runs)) expect(log).not.toContain(aptlyPassword);
});

/** Runs datahook in another version, and with other samples in its tests where given. */
async function runChanged({ version, samples }: { version: string; samples?: string }) {
  const { directory, run } = pipelines;
  const source = await mkdtemp(join(directory, "source-"));
  await cp(join(repository, "examples/datahook"), source, { recursive: true });
  await edit(join(source, "CMakeLists.txt"), /VERSION 2\.0\.1/, `VERSION ${version}`);
  if (samples === undefined) return run("datahook", { source });
  await edit(join(source, "test/boiler.yaml"), /samples: .*/, `samples: ${samples}`);
  const failing = await run("datahook", { source, fails: true });
  const artifacts = join(directory, "pipelines/datahook/state/artifacts");
  await cp(artifacts, join(directory, "failing"), { recursive: true });
  return failing;
}

async function runWithFewerVersions(version: string): Promise<PipelineRun> {
  const { stack } = pipelines;
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

function describeUpload({ prefix, codename, component, packages }: Upload): string {
  const list = packages.map((each) => `${each.package} ${each.version} ${each.architecture}`);
  return `${prefix}/${codename} ${component}: ${list.join(", ")}`;
}
