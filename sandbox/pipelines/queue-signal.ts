import { randomBytes } from "node:crypto";

/**
 * Tells waiting runners that there may be a job for them.
 *
 * Its value is what runners are given as `X-GitLab-Last-Update` and send back as `last_update`.
 * https://docs.gitlab.com/ci/runners/long_polling/
 */
export class QueueSignal {
  readonly #waiting = new Set<() => void>();
  #value = randomBytes(8).toString("hex");

  /** Opaque; another one after every change. */
  get value(): string {
    return this.#value;
  }

  /** Says that jobs or runners changed. */
  changed(): void {
    this.#value = randomBytes(8).toString("hex");
    this.release();
  }

  /** Answers everybody who waits. */
  release(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Settles with the next change, after `seconds`, or when the client is gone. */
  wait(seconds: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        gone.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1000);
      gone.addEventListener("abort", wake);
      this.#waiting.add(wake);
    });
  }
}
