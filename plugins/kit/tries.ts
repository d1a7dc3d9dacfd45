import type { Cancellation } from "./cancellation.ts";

/** The tries of one request: a pause between two ends when the update is cancelled, a try a grace later. */
export class Tries {
  readonly signal: AbortSignal;
  readonly #cancellation: Cancellation;
  readonly #cut = new AbortController();
  #fault: Error | undefined;

  constructor(cancellation: Cancellation) {
    this.#cancellation = cancellation;
    this.signal = AbortSignal.any([this.#cut.signal, cancellation.late]);
    cancellation.now.addEventListener("abort", this.#cutPause);
  }

  /** Before the pause after a fault, if there is to be another try. */
  pause(fault: Error): void {
    this.#fault = fault;
    if (this.#cancellation.now.aborted) this.#cutPause();
  }

  /** Before the next try. */
  goOn(): void {
    this.#fault = undefined;
  }

  /** What the last try ended with, when there is no other because of the cancellation. */
  get lastFault(): Error | undefined {
    return this.#cut.signal.aborted ? this.#fault : undefined;
  }

  end(): void {
    this.#cancellation.now.removeEventListener("abort", this.#cutPause);
  }

  readonly #cutPause = () => {
    if (this.#fault) this.#cut.abort();
  };
}
