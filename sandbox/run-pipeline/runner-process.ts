import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { findInstalled } from "../../toolchain/installed-version.ts";
import { toolchainPath } from "../../toolchain/paths.ts";
import { tools } from "../../toolchain/tools.ts";

export interface RunnerProcessArgs {
  /** Path of the program gitlab-runner. */
  program: string;
  /** Its `config.toml`. */
  config: string;
  /** Where it keeps its configuration, log and work trees. */
  folder: string;
  /** Added to its environment. */
  environment?: Record<string, string>;
}

/** Path of gitlab-runner: set-up's own or an installed one; undefined when there is none, or an old one. */
export async function findRunnerProgram(path = toolchainPath()): Promise<string | undefined> {
  const tool = tools.find(({ name }) => name === "gitlab-runner");
  return tool && (await findInstalled(tool, path))?.file;
}

/** A gitlab-runner that takes jobs until it is stopped. */
export class RunnerProcess {
  readonly #process: ResultPromise;

  private constructor(process: ResultPromise) {
    this.#process = process;
  }

  /** The token reaches it in a file that only this user can read. */
  static async start(args: RunnerProcessArgs): Promise<RunnerProcess> {
    const { program, config, folder, environment } = args;
    const file = join(folder, "config.toml");
    const log = join(folder, "runner.log");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, config, { mode: 0o600 });
    await chmod(file, 0o600);
    await writeFile(log, "");
    const list = ["run", "--config", file, "--working-directory", folder];
    const output = { file: log };
    const process = execa(program, list, {
      env: environment,
      stdin: "ignore",
      stdout: output,
      stderr: output,
      reject: false,
      forceKillAfterDelay: 30_000,
    });
    return new RunnerProcess(process);
  }

  /** Whether it has not ended, of itself or stopped. */
  get runs(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Gives up its running jobs and ends it. */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  /** Lets its running jobs end and takes no more. https://docs.gitlab.com/runner/commands/#signals */
  finish(): Promise<void> {
    return this.#end("SIGQUIT");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    await this.#process;
  }
}
