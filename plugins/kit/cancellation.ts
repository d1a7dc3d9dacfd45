import { setTimeout as sleep } from "node:timers/promises";

/** What a call waits for, in the words of the sentence that is told when the wait is cut short. */
export interface Wait {
  /** `its jobs to end` */
  readonly for: string;
  /** How things are without it: `Nothing was deleted`. */
  readonly left: string;
  /** The server works on it already. Such a wait lasts as long as a request under way does. */
  readonly isUnderWay?: boolean;
}

const again = "run the same command again to go on";

/** What the user can do after any call that was cut short. */
export const runAgain = `${again.charAt(0).toUpperCase()}${again.slice(1)}.`;

/** A wait that was cut short. */
export class CancelledError extends Error {
  readonly code = "cancelled";
  /** The server works on it, so it may be done all the same. */
  readonly isUnderWay: boolean;

  constructor(wait: Wait) {
    super(`stopped waiting for ${wait.for}: the update was cancelled. ${wait.left}; ${again}.`);
    this.isUnderWay = wait.isUnderWay ?? false;
  }
}

/**
 * The user's Ctrl-C, which the engine tells every plugin by `Cancel`; a second one kills. It ends every
 * wait at once. What has reached the server gets a grace to end in, since a create whose answer is not
 * heard would leave an object that no state knows.
 */
export class Cancellation {
  readonly #now = new AbortController();
  readonly #late = new AbortController();
  readonly #grace: number;

  /** @param grace Milliseconds for what is under way. */
  constructor(grace = 20_000) {
    this.#grace = grace;
  }

  cancel(): void {
    if (this.#now.signal.aborted) return;
    this.#now.abort();
    setTimeout(() => this.#late.abort(), this.#grace).unref();
  }

  /** For waits: aborted at once. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** For what is under way: aborted at the end of the grace. */
  get late(): AbortSignal {
    return this.#late.signal;
  }

  /** Waits between two looks or tries. */
  async pause(milliseconds: number, wait: Wait): Promise<void> {
    const signal = wait.isUnderWay ? this.late : this.now;
    try {
      await sleep(milliseconds, undefined, { signal });
    } catch (error) {
      throw signal.aborted ? new CancelledError(wait) : error;
    }
  }

  /** Before work that has waited for others: it is not begun any more. */
  refuse(wait: Wait = { for: "its turn", left: "Nothing was done" }): void {
    if (this.now.aborted) throw new CancelledError(wait);
  }
}
