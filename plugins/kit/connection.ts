/** Thrown where the server cannot be used: it says why, or that an earlier call has said so. */
export class UnusableError extends Error {
  readonly code = "unusable";
}

/**
 * The far side as one process of a plugin uses it: verified once, whatever is asked first. Where that
 * fails, every call would say so; only the first does.
 */
export class Connection<Api> {
  readonly #service: string;
  readonly #verify: () => Promise<Api>;
  #api: Promise<Api> | undefined;
  #isTold = false;

  /** @param verify Called at the first use: the engine also configures plugins that it then does not need. */
  constructor(service: string, verify: () => Promise<Api>) {
    this.#service = service;
    this.#verify = verify;
  }

  /** One whose configuration is at fault: as any that cannot be used, it says so at the first use. */
  static refused<Api>(service: string, reason: string): Connection<Api> {
    return new Connection<Api>(service, async () => {
      throw new UnusableError(`${service}: ${reason}`);
    });
  }

  async use(): Promise<Api> {
    const api = await this.useUnlessTold();
    if (api !== undefined) return api;
    throw new UnusableError(`${this.#service} cannot be used, as another error here says.`);
  }

  /** For a call that can do without: `undefined` where another call has failed for the same reason. */
  async useUnlessTold(): Promise<Api | undefined> {
    try {
      this.#api ??= this.#verify();
      return await this.#api;
    } catch (error) {
      if (this.#isTold) return undefined;
      this.#isTold = true;
      throw error;
    }
  }
}
