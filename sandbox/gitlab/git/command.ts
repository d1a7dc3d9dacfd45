import { execa } from "execa";

/** How one git command is fed. */
export interface GitInput {
  /** Standard input; nothing by default. */
  input?: string | Uint8Array;
  /** Variables added to the fixed environment, such as `GIT_INDEX_FILE`. */
  env?: Record<string, string>;
}

/** A git command that ended with a status other than zero. */
export class GitError extends Error {
  /** The exit status of git. */
  readonly status: number | undefined;
  /** What git wrote on standard error, trimmed. */
  readonly stderr: string;

  constructor(command: string, status: number | undefined, stderr: string) {
    super(`git ${command} ended with ${status ?? "no status"}: ${stderr}`);
    this.name = "GitError";
    this.status = status;
    this.stderr = stderr;
  }
}

/**
 * The whole environment of every git process: the user's own configuration, identity and locale
 * must not change what the server answers.
 *
 * @param directory the bare repository.
 */
export function gitEnvironment(directory: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: directory,
    LC_ALL: "C",
    GIT_DIR: directory,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

/**
 * Runs git in a bare repository and gives its standard output as it is.
 *
 * @throws GitError when git ends with a status other than zero.
 */
export async function runGit(
  directory: string,
  args: readonly string[],
  { input, env }: GitInput = {},
): Promise<Buffer> {
  const { exitCode, failed, stdout, stderr, shortMessage } = await execa("git", args, {
    env: { ...gitEnvironment(directory), ...env },
    extendEnv: false,
    encoding: "buffer",
    reject: false,
    stripFinalNewline: false,
    ...(input === undefined ? {} : { input }),
  });
  if (failed) {
    const text = Buffer.from(stderr).toString("utf8").trim();
    throw new GitError(args[0] ?? "", exitCode, text === "" ? (shortMessage ?? "failed") : text);
  }
  return Buffer.from(stdout);
}

/** {@link runGit} for commands that answer one line of text. */
export async function readLine(
  directory: string,
  args: readonly string[],
  input?: GitInput,
): Promise<string> {
  return (await runGit(directory, args, input)).toString("utf8").trimEnd();
}

/** {@link runGit} for commands that separate their records with NUL bytes (`-z`). */
export async function readRecords(directory: string, args: readonly string[]): Promise<string[]> {
  const text = (await runGit(directory, args)).toString("utf8");
  return text.split("\0").filter((record) => record !== "");
}
