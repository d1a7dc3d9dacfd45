import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findCommand } from "../../toolchain/debian-packages.ts";
import { toolchainPath } from "../../toolchain/paths.ts";
import type { SandboxLayout } from "./layout.ts";
import { findRunning, writeRecord } from "./process-record.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { ServiceStatus, StartOutcome } from "./service.ts";

/** Milliseconds until a process that does not answer is given up. */
const startPatience = 30_000;
/** Milliseconds until a process that was asked to end is killed. */
const stopPatience = 10_000;

/** A program that goes on running when the command that started it ends. */
export interface ProcessArgs {
  /** Names its log and its record. */
  name: string;
  command: string;
  arguments: readonly string[];
  /** Added to this process's own environment. */
  environment?: Record<string, string>;
  /** Text whose change makes a restart necessary, such as its configuration file or its code. */
  configuration?: string;
  /** Whether it answers by now. */
  probe: () => Promise<boolean>;
}

/** Starts and stops one program, and finds it again after this process has ended. */
export class BackgroundProcess {
  readonly #args: ProcessArgs;
  readonly #record: string;
  readonly #log: string;

  constructor(layout: SandboxLayout, args: ProcessArgs) {
    this.#args = args;
    this.#record = join(layout.pids, `${args.name}.json`);
    this.#log = join(layout.logs, `${args.name}.log`);
  }

  /**
   * Leaves it alone when it runs with the present command and configuration; otherwise ends what
   * runs, prepares and starts it.
   * @param prepare Checks what it needs and writes its files.
   * @throws SandboxError `missing-command`, or `start-failed` naming the log.
   */
  async ensure(prepare: () => Promise<void>): Promise<StartOutcome> {
    const running = await findRunning(this.#record);
    if (running?.fingerprint === this.#fingerprint()) return "left-alone";
    await this.stop();
    await prepare();
    await this.#start();
    return running === undefined ? "started" : "restarted";
  }

  /** @param address What its users connect to. */
  async status(address: string): Promise<ServiceStatus> {
    return (await findRunning(this.#record)) === undefined
      ? { state: "stopped", detail: "not started" }
      : { state: "running", detail: address };
  }

  async #start(): Promise<void> {
    const pid = await this.#spawn();
    const deadline = Date.now() + startPatience;
    while (!(await this.#args.probe())) {
      const running = await findRunning(this.#record);
      if (running === undefined) throw this.#startFailed("ended at once");
      if (Date.now() > deadline) {
        await this.stop();
        throw this.#startFailed(`(process ${pid}) does not answer`);
      }
      await setTimeout(50);
    }
  }

  /** Ends it and waits until it is gone: asks first, and insists after ten seconds. */
  async stop(): Promise<void> {
    let running = await findRunning(this.#record);
    if (running !== undefined) sendSignal(running.pid, "SIGTERM");
    const deadline = Date.now() + stopPatience;
    while (running !== undefined) {
      if (Date.now() > deadline) sendSignal(running.pid, "SIGKILL");
      await setTimeout(25);
      running = await findRunning(this.#record);
    }
  }

  async #spawn(): Promise<number> {
    const { name, command, environment } = this.#args;
    const file = await findCommand(command, toolchainPath());
    if (file === undefined) {
      throw new SandboxError(
        "missing-command",
        `sandbox: ${name} needs the command ${command}, which is not installed. Run make up, which installs it.`,
      );
    }
    await mkdir(dirname(this.#log), { recursive: true });
    const log = await open(this.#log, "a");
    try {
      const child = spawn(file, this.#args.arguments, {
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
        env: { ...process.env, PATH: toolchainPath(), ...environment },
      });
      await once(child, "spawn");
      child.unref();
      const pid = child.pid ?? Number.NaN;
      await rm(this.#record, { force: true });
      await writeRecord(this.#record, { pid, fingerprint: this.#fingerprint() });
      return pid;
    } finally {
      await log.close();
    }
  }

  #fingerprint(): string {
    const { command, arguments: list, environment, configuration } = this.#args;
    const parts = JSON.stringify([command, list, environment, configuration]);
    return createHash("sha256").update(parts).digest("hex");
  }

  #startFailed(what: string): SandboxError {
    return new SandboxError(
      "start-failed",
      `sandbox: ${this.#args.name} ${what}. Its log ${this.#log} says why.`,
    );
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look at its record and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
