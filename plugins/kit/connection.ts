/** Thrown where the server cannot be used and an earlier call has said why. */
export class UnusableError extends Error {
  readonly code = "unusable";
}

/**
 * The far side as one process of a plugin uses it: verified once, whatever is asked first. Where that
 * fails, every call would say so; only the first does.
 */
export class Connection<Api> {
  readonly #service: string;
  readonly #api: Promise<Api>;
  #isTold = false;

  constructor(service: string, api: Promise<Api>) {
    this.#service = service;
    this.#api = api;
    // The engine configures a plugin that it may not use in the end.
    api.catch(() => undefined);
  }

  async use(): Promise<Api> {
    const api = await this.useUnlessTold();
    if (api !== undefined) return api;
    throw new UnusableError(`${this.#service} cannot be used, as another error here says.`);
  }

  /** For a call that can do without: `undefined` where another call has failed for the same reason. */
  async useUnlessTold(): Promise<Api | undefined> {
    try {
      return await this.#api;
    } catch (error) {
      if (this.#isTold) return undefined;
      this.#isTold = true;
      throw error;
    }
  }
}
