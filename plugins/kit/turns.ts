import PQueue from "p-queue";
import type { Cancellation } from "./cancellation.ts";

/** Work that is done one after another for each key: changes of one thing that get in each other's way. */
export class Turns {
  readonly #queues = new Map<string, PQueue>();
  readonly #cancellation: Cancellation;

  constructor(cancellation: Cancellation) {
    this.#cancellation = cancellation;
  }

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? new PQueue({ concurrency: 1 });
    this.#queues.set(key, queue);
    return await queue.add(() => {
      this.#cancellation.refuse();
      return work();
    });
  }
}
