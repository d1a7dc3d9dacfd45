import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toolchainPath, toolchainPaths } from "../../toolchain/paths.ts";
import { sandboxLayout } from "../services/layout.ts";
import { readPorts } from "../services/ports.ts";
import { sandboxDirectory, sandboxEnvironment } from "../services/sandbox.ts";

/** The stack that the sandbox is for. */
export const stackName = "dev";

/** Where Pulumi keeps the dev stack: all under the sandbox, so that nothing is left behind it. */
export const pulumiFolder = join(sandboxDirectory(), "pulumi");

/** Where its file backend keeps the state. */
export const stateFolder = join(pulumiFolder, "state");

/** Environment variables for Pulumi on this machine, wherever its stack's state lies. */
export function pulumiEnvironment(home: string): Record<string, string> {
  return {
    PATH: toolchainPath(),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    // ts-node calls fs.Stats in a way that Node.js 24 deprecates.
    NODE_OPTIONS: "--disable-warning=DEP0180",
  };
}

/**
 * Environment variables for Pulumi's commands on the sandbox. They name no stack: PULUMI_STACK would
 * beat what somebody selects, and their settings would land in the dev stack.
 */
export async function stackEnvironment(): Promise<Record<string, string>> {
  return {
    ...pulumiEnvironment(join(pulumiFolder, "home")),
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(pulumiFolder, "passphrase"),
    ...(await sandboxEnvironment(sandboxLayout(sandboxDirectory()), readPorts())),
  };
}

/** Makes what these variables name: the state's folder, the passphrase, and a home with the plugins. */
export async function preparePulumi(): Promise<void> {
  await mkdir(stateFolder, { recursive: true });
  await linkPlugins(join(pulumiFolder, "home"));
  const passphrase = randomBytes(24).toString("base64url");
  try {
    await writeFile(join(pulumiFolder, "passphrase"), passphrase, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Makes the plugins that set-up built known to a Pulumi home. */
export async function linkPlugins(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  try {
    await symlink(toolchainPaths().plugins, join(home, "plugins"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
