import { quoteForShell } from "../../validation/shell-words.ts";
import { runCommand } from "../services/command-line.ts";
import { stackEnvironment } from "./environment.ts";

/** Prints the environment as commands for a shell: `eval "$(make -s env)"`. */
async function print(): Promise<void> {
  for (const [name, value] of Object.entries(await stackEnvironment())) {
    process.stdout.write(`export ${name}=${quoteForShell(value)}\n`);
  }
}

await runCommand({ print }, "print");
