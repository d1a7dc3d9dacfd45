import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ToolchainError } from "./toolchain-error.ts";

/** Where a step's program writes what it prints. */
export interface LogFile {
  file: string;
}

/** One line of set-up: says what is being done, shows that it goes on, and how it ended. */
export class Step {
  readonly #title: string;
  readonly #logs: string;
  readonly #output: NodeJS.WritableStream;

  /**
   * @param title What is provided, such as `pulumi 3.259.0`.
   * @param logs The folder of log files.
   * @param output Where the line is printed. Default: standard output.
   */
  constructor(title: string, logs: string, output: NodeJS.WritableStream = process.stdout) {
    this.#title = title;
    this.#logs = logs;
    this.#output = output;
    output.write(`toolchain: ${title} ...`);
  }

  /**
   * Ends the line: nothing had to be done.
   * @param where What was found, when it is not set-up's own.
   */
  found(where?: string): void {
    this.#output.write(where === undefined ? " found\n" : ` found ${where}\n`);
  }

  /** Ends the line: the work cannot begin, for a reason that an error tells. */
  missing(): void {
    this.#output.write(" missing\n");
  }

  /**
   * Does the work, printing a dot every five seconds.
   * @param log The log file's name, without its ending.
   * @throws ToolchainError `step-failed` naming the log file.
   */
  async run(log: string, work: (log: LogFile) => Promise<void>): Promise<void> {
    await mkdir(this.#logs, { recursive: true });
    const file = join(this.#logs, `${log}.log`);
    const started = performance.now();
    const dots = setInterval(() => this.#output.write("."), 5_000);
    try {
      await work({ file });
    } catch (cause) {
      this.#output.write(" failed\n");
      throw new ToolchainError(
        "step-failed",
        `toolchain: ${this.#title} failed; its output is in ${file}. Mend what it says, then run the same command again: finished steps are kept.`,
        { cause },
      );
    } finally {
      clearInterval(dots);
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    this.#output.write(` done in ${seconds} s\n`);
  }
}
