import { ConfigError } from "../../validation/config-error.ts";

/** Says for one command that all of a state's objects are to be made anew on the server of this address. */
export const startAnew = "TRUNKLINE_START_ANEW_ON";

/** Where a plugin's server is, and where it was when the stack was last applied. */
export class ServerAddress {
  /** The property of the plugin's configuration, in full: `gitlab:baseUrl`. */
  readonly #setting: string;
  readonly #now: string;
  readonly #recorded: string | undefined;
  /** Whether the user asked for all objects to be made on this server, whatever the state tells of another. */
  readonly startsAnew: boolean;

  constructor(
    setting: string,
    { now, recorded }: { readonly now: string; readonly recorded: string | undefined },
    environment: NodeJS.ProcessEnv,
  ) {
    this.#setting = setting;
    this.#now = now;
    this.#recorded = recorded;
    this.startsAnew = !this.#isRecorded && isSameAddress(environment[startAnew] ?? "", now);
  }

  /** What the state tells of may be missing here because this is another server. */
  get isMoved(): boolean {
    return this.#recorded !== undefined && !this.#isRecorded;
  }

  refusal(recorded = this.#recorded): ConfigError {
    const fault = {
      path: this.#setting,
      message: `is ${this.#now}, where what the state tells of is not; it was made on ${recorded}`,
      fix: `Nothing was taken out of the state. Set ${this.#setting} back; or make everything anew there: ${startAnew}=${this.#now} pulumi up`,
    };
    return new ConfigError({ code: "configuration", subject: "Server", faults: [fault] });
  }

  get #isRecorded(): boolean {
    return this.#recorded !== undefined && isSameAddress(this.#recorded, this.#now);
  }
}

function isSameAddress(a: string, b: string): boolean {
  return a.replace(/\/$/, "") === b.replace(/\/$/, "");
}
