import { basename } from "node:path";
import { SandboxError } from "./sandbox-error.ts";

/**
 * Runs the command that a program's argument names, and prints what the user can mend as one
 * sentence. Sets the exit code: 1 for such a fault, 2 for an unknown command.
 */
export async function runCommand(
  commands: Record<string, () => Promise<void>>,
  name: string | undefined,
): Promise<void> {
  const command = commands[name ?? ""];
  if (command === undefined) {
    const program = basename(process.argv[1] ?? "");
    process.stderr.write(`usage: ${program} ${Object.keys(commands).join("|")}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
