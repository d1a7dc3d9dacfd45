import { quoteForShell } from "../validation/shell-words.ts";

export interface RemoteCommandOptions {
  /** Run as root through sudo, which must not ask for a password. */
  readonly sudo: boolean;
}

/**
 * One line for a POSIX shell that runs a script with arguments. All of it can be read in the machine's
 * list of processes: a secret goes to the script's standard input instead.
 */
export function renderRemoteCommand(
  script: string,
  words: readonly string[],
  { sudo }: RemoteCommandOptions,
): string {
  const command = ["sh", "-c", script, "trunkline", ...words].map(quoteForShell).join(" ");
  return sudo ? `sudo -n ${command}` : command;
}
