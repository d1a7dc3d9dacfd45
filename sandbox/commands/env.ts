import { quoteForShell } from "../../validation/shell-words.ts";
import { runCommand } from "../services/command-line.ts";
import { preparePulumi, stackEnvironment } from "./environment.ts";

/** Prints the environment as commands for a shell: `eval "$(make -s env)"`. */
async function print(): Promise<void> {
  await preparePulumi();
  for (const [name, value] of Object.entries(await stackEnvironment())) {
    process.stdout.write(`export ${name}=${quoteForShell(value)}\n`);
  }
}

await runCommand({ print }, "print");
