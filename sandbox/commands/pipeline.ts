import "../../toolchain/settled-environment.ts";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { parse } from "yaml";
import { repository } from "../../toolchain/paths.ts";
import { ensureDocker } from "../run-pipeline/docker.ts";
import { PipelineError } from "../run-pipeline/pipeline-error.ts";
import { runPipeline } from "../run-pipeline/run.ts";
import { findRunnerProgram } from "../run-pipeline/runner-process.ts";
import { sandboxLayout } from "../services/layout.ts";
import { readPorts } from "../services/ports.ts";
import { sandboxDirectory, sandboxUrls } from "../services/sandbox.ts";
import { SandboxError } from "../services/sandbox-error.ts";
import { pulumiFolder, stackEnvironment, stackName } from "./environment.ts";
import { findProject, findUsed, isPublished, type StackPackages } from "./used-packages.ts";

/** Runs the pipeline of a package, and first those of the packages it uses that are not published. */
async function runWithUsed(name: string | undefined, onRunners: boolean): Promise<void> {
  if (!name) throw new PipelineError("usage", usage);
  const config = readConfig();
  const started = performance.now();
  const { APT_URL: apt = "" } = await stackEnvironment();
  for (const used of findUsed(config, name)) {
    if (await isPublished(config, { apt, name: used, user: name })) continue;
    print(`${name} uses ${used}, which is not published yet: its pipeline comes first`);
    await run(used, config, onRunners);
  }
  await run(name, config, onRunners);
  print(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * Pushes an example to the sandbox's GitLab and runs the pipeline that the stack committed.
 * @param onRunners Let the stack's registered runners take it, instead of gitlab-ci-local.
 */
async function run(name: string, config: StackPackages, onRunners: boolean): Promise<void> {
  const source = findExample(name);
  const program = onRunners ? await requireRunnerProgram() : undefined;
  const layout = sandboxLayout(sandboxDirectory());
  const { registry } = sandboxUrls(readPorts());
  const environment = await stackEnvironment();
  const { GITLAB_BASE_URL = "", GITLAB_TOKEN = "", APT_URL = "" } = environment;
  const runners = program && {
    program,
    configs: await readRunnerConfigs(environment),
    registry,
  };
  await runPipeline({
    project: findProject(config, name),
    source,
    gitlab: { url: GITLAB_BASE_URL, token: GITLAB_TOKEN },
    docker: await ensureDocker(layout),
    aptUrl: APT_URL,
    keyFile: layout.publicKey,
    baseImage: (codename) => `${registry}/debian:${codename}`,
    directory: join(layout.root, "pipelines", name),
    ...(runners && { runners }),
    report: print,
  });
}

const usage = "usage: make pipeline PACKAGE=datahook [RUNNER=1]";

function findExample(name: string): string {
  const source = join(repository, "examples", name);
  if (/^[a-z0-9-]+$/.test(name) && existsSync(source)) return source;
  throw new PipelineError(
    "no-example",
    `pipeline: there is no folder examples/${name}. Give PACKAGE the name of one that is.`,
  );
}

/** @throws PipelineError `no-runner` naming what to install. */
async function requireRunnerProgram(): Promise<string> {
  const program = await findRunnerProgram();
  if (program !== undefined) return program;
  throw new PipelineError(
    "no-runner",
    "pipeline: there is no gitlab-runner on PATH. Install the package gitlab-runner, 17 or newer (https://docs.gitlab.com/runner/install/), or run make test once, which builds one.",
  );
}

interface Outputs {
  runnerConfigs: Record<string, string>;
}

/** The `config.toml` of each of the stack's runners, by name. */
async function readRunnerConfigs(env: Record<string, string>): Promise<Record<string, string>> {
  const list = ["stack", "output", "--stack", stackName, "--json", "--show-secrets"];
  const result = await execa("pulumi", list, { cwd: pulumiFolder, env, reject: false });
  if (result.failed) {
    const message = `pipeline: the outputs of the stack ${stackName} cannot be read. Run make up first. ${result.stderr}`;
    throw new PipelineError("no-runner", message);
  }
  const { runnerConfigs = {} } = JSON.parse(result.stdout) as Partial<Outputs>;
  if (Object.keys(runnerConfigs).length > 0) return runnerConfigs;
  const fix = "Declare one under trunkline:runners and run make up.";
  throw new PipelineError("no-runner", `pipeline: the stack ${stackName} has no runner. ${fix}`);
}

function readConfig(): StackPackages {
  const file = join(repository, `Pulumi.${stackName}.yaml`);
  return (parse(readFileSync(file, "utf8")) as { config: StackPackages }).config;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const options = { "on-runners": { type: "boolean", default: false } } as const;
  const { positionals, values } = parseArgs({ options, allowPositionals: true });
  await runWithUsed(positionals[0], values["on-runners"]);
} catch (error) {
  if (!(error instanceof PipelineError || error instanceof SandboxError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
