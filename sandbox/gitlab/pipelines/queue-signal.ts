import { randomBytes } from "node:crypto";

/**
 * Tells waiting runners that there may be a job for them.
 *
 * Its value is what runners are given as `X-GitLab-Last-Update` and send back as `last_update`.
 * https://docs.gitlab.com/ci/runners/long_polling/
 */
export class QueueSignal {
  readonly #waiting = new Set<(changed: boolean) => void>();
  #value = randomBytes(8).toString("hex");

  /** Opaque; another one after every change. */
  get value(): string {
    return this.#value;
  }

  /** Says that jobs or runners changed. */
  changed(): void {
    this.#value = randomBytes(8).toString("hex");
    this.#wake(true);
  }

  /** Lets everybody go who waits: the server ends. */
  close(): void {
    this.#wake(false);
  }

  /** Gives true with the next change; false after `seconds`, and when client or server are gone. */
  wait(seconds: number, gone: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = (changed: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        gone.removeEventListener("abort", leave);
        resolve(changed);
      };
      const leave = () => wake(false);
      const timer = setTimeout(leave, seconds * 1000);
      gone.addEventListener("abort", leave);
      this.#waiting.add(wake);
    });
  }

  #wake(changed: boolean): void {
    for (const wake of [...this.#waiting]) wake(changed);
  }
}
