import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { readPorts } from "../sandbox/services/ports.ts";
import { readIfPresent } from "../sandbox/services/process-record.ts";
import { sandboxUrls } from "../sandbox/services/sandbox.ts";
import { repository } from "../toolchain/paths.ts";
import { linkPlugins, pulumiFolder, stackEnvironment, stackName } from "./environment.ts";
import { renderStackConfig } from "./stack-config.ts";

const configFile = join(pulumiFolder, `Pulumi.${stackName}.yaml`);

const commands: Record<string, readonly string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview", "--diff"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** Runs one of Pulumi's commands on the dev stack, making the stack at first. */
async function runStack(name: string, command: readonly string[]): Promise<void> {
  const environment = await stackEnvironment();
  await prepare(environment.PULUMI_HOME ?? "");
  const options = {
    env: environment,
    reject: false,
    stdio: ["ignore", "inherit", "inherit"],
  } as const;
  const select = ["stack", "select", stackName, "--create"];
  // Pulumi writes the new stack's salt beside the Pulumi.yaml it finds, which is this one's copy.
  const { failed } = await execa("pulumi", select, { ...options, cwd: pulumiFolder });
  const { exitCode } = failed
    ? { exitCode: 1 }
    : await execa("pulumi", [...command, "--config-file", configFile], {
        ...options,
        cwd: repository,
      });
  process.exitCode = exitCode ?? 1;
  if (name === "up" && exitCode === 0) printNextSteps(environment);
}

async function prepare(home: string): Promise<void> {
  await mkdir(join(pulumiFolder, "state"), { recursive: true });
  await linkPlugins(home);
  const passphrase = join(pulumiFolder, "passphrase");
  if ((await readIfPresent(passphrase)) === undefined) {
    await writeFile(passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  await copyFile(join(repository, "Pulumi.yaml"), join(pulumiFolder, "Pulumi.yaml"));
  const committed = await readFile(join(repository, `Pulumi.${stackName}.yaml`), "utf8");
  await writeFile(configFile, renderStackConfig(committed, await readIfPresent(configFile)));
}

function printNextSteps(environment: Record<string, string>): void {
  const urls = sandboxUrls(readPorts());
  const images =
    environment.TRUNKLINE_IMAGES === "existing"
      ? "\nBuilder images were not built: BuildKit cannot run here. The stack refers to existing ones.\n"
      : "";
  process.stdout.write(`
GitLab                  ${urls.gitlab}/api/v4  (token: GITLAB_TOKEN in make env)
aptly                   ${urls.aptly}  (user and password: APTLY_* in make env)
Published repositories  ${urls.apt}  (signed by ${urls.apt}trunkline.asc)
Image registry          ${urls.registry}
${images}
Try next:
  make pipeline PACKAGE=datahook       run the committed pipeline of a package
  edit Pulumi.dev.yaml; make preview   see what would change
  eval "$(make -s env)"; pulumi stack  use pulumi by hand
`);
}

const name = process.argv[2] ?? "";
const command = commands[name];
if (command === undefined) {
  process.stderr.write(`usage: stack.ts ${Object.keys(commands).join("|")}\n`);
  process.exitCode = 2;
} else {
  await runStack(name, command);
}
