import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { type RunningSandbox, startSandbox } from "../../sandbox/services/sandbox.ts";
import { ensureDocker } from "../../scripts/pipeline/docker.ts";
import { runPipeline } from "../../scripts/pipeline/run.ts";
import type { Upload } from "../../scripts/pipeline/uploads.ts";
import { repository } from "../../toolchain/paths.ts";
import { devConfiguration, EngineStack } from "../support/engine-stack.ts";
import { watchCommandLines } from "../support/processes.ts";

const possible = await mayRunContainers();
const cleanups: (() => Promise<unknown>)[] = [];
let directory: string;
let sandbox: RunningSandbox;
let runs: { first: Run; second: Run; user: Run };
let commands: ReadonlySet<string>;

interface Run {
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
  const stack = await EngineStack.create({
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

async function runExample(name: string): Promise<Run> {
  const { env, urls } = sandbox;
  const layout = sandboxLayout(directory);
  const lines: string[] = [];
  const uploads = await runPipeline({
    project: `infra/${name}`,
    source: join(repository, "examples", name),
    gitlab: { url: env.GITLAB_BASE_URL ?? "", token: env.GITLAB_TOKEN ?? "" },
    docker: await ensureDocker(layout),
    aptUrl: urls.apt,
    keyFile: layout.publicKey,
    baseImage: (codename) => `${urls.registry}/debian:${codename}`,
    directory: join(directory, "pipelines", name),
    report: (line) => lines.push(line),
  }).catch((cause: unknown) => {
    throw new Error(lines.slice(-40).join("\n"), { cause });
  });
  return { uploads, log: lines.join("\n") };
}

function describeUpload({ prefix, codename, component, packages }: Upload): string {
  const list = packages.map((each) => `${each.package} ${each.version} ${each.architecture}`);
  return `${prefix}/${codename} ${component}: ${list.join(", ")}`;
}
