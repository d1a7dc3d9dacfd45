import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { sandboxLayout } from "../sandbox/services/layout.ts";
import { readPorts } from "../sandbox/services/ports.ts";
import { sandboxDirectory, sandboxUrls } from "../sandbox/services/sandbox.ts";
import { SandboxError } from "../sandbox/services/sandbox-error.ts";
import { repository } from "../toolchain/paths.ts";
import { stackEnvironment, stackName } from "./environment.ts";
import { ensureDocker } from "./pipeline/docker.ts";
import { PipelineError } from "./pipeline/pipeline-error.ts";
import { runPipeline } from "./pipeline/run.ts";

/** Pushes an example to the sandbox's GitLab and runs the pipeline that the stack committed. */
async function run(name: string | undefined): Promise<void> {
  const source = findExample(name);
  const layout = sandboxLayout(sandboxDirectory());
  const { registry } = sandboxUrls(readPorts());
  const environment = await stackEnvironment();
  const { GITLAB_BASE_URL = "", GITLAB_TOKEN = "", APT_URL = "" } = environment;
  const started = performance.now();
  await runPipeline({
    project: `${readGroup()}/${name}`,
    source,
    gitlab: { url: GITLAB_BASE_URL, token: GITLAB_TOKEN },
    docker: await ensureDocker(layout),
    aptUrl: APT_URL,
    keyFile: layout.publicKey,
    baseImage: (codename) => `${registry}/debian:${codename}`,
    directory: join(layout.root, "pipelines", name ?? ""),
    report: print,
  });
  print(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function findExample(name: string | undefined): string {
  if (!name) {
    throw new PipelineError("usage", "usage: make pipeline PACKAGE=datahook");
  }
  const source = join(repository, "examples", name);
  if (/^[a-z0-9-]+$/.test(name) && existsSync(source)) return source;
  throw new PipelineError(
    "no-example",
    `pipeline: there is no folder examples/${name}. Give PACKAGE the name of one that is.`,
  );
}

function readGroup(): string {
  const file = join(repository, `Pulumi.${stackName}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, string> };
  return config["trunkline:group"] ?? "";
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await run(process.argv[2]);
} catch (error) {
  if (!(error instanceof PipelineError || error instanceof SandboxError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
