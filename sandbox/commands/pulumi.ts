import "../../toolchain/settled-environment.ts";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { repository } from "../../toolchain/paths.ts";
import { runCommand } from "../services/command-line.ts";
import { readPorts } from "../services/ports.ts";
import { readIfPresent } from "../services/process-record.ts";
import { sandboxUrls } from "../services/sandbox.ts";
import {
  preparePulumi,
  pulumiFolder,
  stackEnvironment,
  stackName,
  stateFolder,
} from "./environment.ts";
import { progressLines } from "./progress-lines.ts";
import { renderStackConfig } from "./stack-config.ts";
import { explainLock } from "./stack-lock.ts";

const configFile = join(pulumiFolder, `Pulumi.${stackName}.yaml`);

const onStack = ["--stack", stackName];

const commands = {
  // With its preview, so that a pipeline which GitLab refuses stops the update before it begins.
  up: async () => {
    if (await runStack(["up", "--yes"])) await printNextSteps();
  },
  preview: async () => void (await runStack(["preview", "--diff"])),
  refresh: async () => void (await runStack(["refresh", "--yes", "--skip-preview"])),
  destroy: async () => void (await runStack(["destroy", "--yes", "--skip-preview"])),
};

/** Runs one of Pulumi's commands on the dev stack, making the stack at first. */
async function runStack(command: readonly string[]): Promise<boolean> {
  const environment = await stackEnvironment();
  await prepare();
  const pulumi = (list: readonly string[], cwd: string) => runPulumi(list, cwd, environment);
  // Pulumi writes the new stack's salt beside the Pulumi.yaml it finds, which is this one's copy.
  const succeeded =
    (await pulumi(["stack", "select", stackName, "--create"], pulumiFolder)) &&
    (await pulumi([...command, ...onStack, "--config-file", configFile], repository)) &&
    (await selectIfNone(environment));
  if (!succeeded) {
    process.exitCode = 1;
    process.stderr.write((await explainLock(stateFolder, stackName)) ?? "");
  }
  return succeeded;
}

/** Lets `pulumi` by hand begin with the stack, and leaves alone what somebody has selected since. */
async function selectIfNone(env: Record<string, string>): Promise<boolean> {
  const options = { cwd: repository, env, reject: false };
  const selected = await execa("pulumi", ["stack", "--show-name"], options);
  return !selected.failed || runPulumi(["stack", "select", stackName], repository, env);
}

/** Lets Pulumi draw its live table in a terminal, and prints plain lines elsewhere. */
async function runPulumi(
  list: readonly string[],
  cwd: string,
  env: Record<string, string>,
): Promise<boolean> {
  const toLines = progressLines();
  const thinned = function* (line: unknown) {
    yield* toLines(String(line));
  };
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const { exitCode } = await execa("pulumi", terminal ? list : [...list, "--non-interactive"], {
    cwd,
    env,
    stdin: terminal ? "inherit" : "ignore",
    stdout: terminal ? "inherit" : [thinned, "inherit"],
    stderr: "inherit",
    reject: false,
  });
  return exitCode === 0;
}

async function prepare(): Promise<void> {
  await preparePulumi();
  await copyFile(join(repository, "Pulumi.yaml"), join(pulumiFolder, "Pulumi.yaml"));
  const committed = await readFile(join(repository, `Pulumi.${stackName}.yaml`), "utf8");
  const previous = await readIfPresent(configFile);
  const { registry } = sandboxUrls(readPorts());
  await writeFile(configFile, renderStackConfig({ committed, previous, registry }));
}

async function printNextSteps(): Promise<void> {
  const urls = sandboxUrls(readPorts());
  const { TRUNKLINE_IMAGES } = await stackEnvironment();
  const images =
    TRUNKLINE_IMAGES === "existing"
      ? "\nBuilder images were not built: BuildKit cannot run here. The stack refers to existing ones.\n"
      : "";
  process.stdout.write(`
GitLab                  ${urls.gitlab}/api/v4  (token: GITLAB_TOKEN in make env)
aptly                   ${urls.aptly}  (user and password: APTLY_* in make env)
Published repositories  ${urls.apt}  (signed by ${urls.apt}trunkline.asc)
Image registry          ${urls.registry}
${images}
Try next:
  make pipeline PACKAGE=datahook        run a package's committed pipeline, and first those it uses
    with RUNNER=1                       by the stack's runner, which also takes pipelines that wait
  make preview                          see what a change of Pulumi.dev.yaml would do
  eval "$(make -s env)"; pulumi stack   use pulumi by hand
`);
}

await runCommand(commands, process.argv[2]);
