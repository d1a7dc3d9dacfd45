import "../../toolchain/settled-environment.ts";
import { quoteForShell } from "../../validation/shell-words.ts";
import { runCommand } from "../services/command-line.ts";
import { preparePulumi, stackEnvironment } from "./environment.ts";

/** They would beat variables of ours: PULUMI_CONFIG_PASSPHRASE_FILE and DOCKER_CONFIG. */
const stronger = ["BUILDX_CONFIG", "DOCKER_CONTEXT", "PULUMI_CONFIG_PASSPHRASE"];

/** Prints the environment as commands for a shell: `eval "$(make -s env)"`. */
async function print(): Promise<void> {
  await preparePulumi();
  process.stdout.write(`unset ${stronger.join(" ")}\n`);
  for (const [name, value] of Object.entries(await stackEnvironment())) {
    process.stdout.write(`export ${name}=${quoteForShell(value)}\n`);
  }
}

await runCommand({ print }, "print");
