import { ApiError, isStatus } from "../kit/api-error.ts";
import { type Cancellation, CancelledError } from "../kit/cancellation.ts";
import { engineLog, type Report } from "../kit/engine-log.ts";
import { type Answer, Http, type Method, type Query, type Sending } from "../kit/http.ts";
import { HalfCreatedError } from "../kit/kind.ts";
import { Turns } from "../kit/turns.ts";
import { advice } from "./advice.ts";
import { type Task, waitForAllTasks, waitForTask } from "./task.ts";

export interface AptlyOptions {
  /** Ends in `/api`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** How often a call that may be repeated is tried again. */
  readonly retries?: number;
  /** Milliseconds before the first retry, and before a call that met a lock is sent again. */
  readonly retryDelay?: number;
  /**
   * Milliseconds for which a call waits while the proxy has others' calls before it (429). Default: half
   * an hour, as upload jobs wait.
   */
  readonly turnPatience?: number;
  /** Tells the user that a call waits. Default: on standard error. */
  readonly report?: Report;
  readonly fetch?: typeof globalThis.fetch;
  readonly cancellation?: Cancellation;
}

type Change = "post" | "put" | "delete";

const maxLockDelay = 10_000;
/** Milliseconds to wait for the tasks of others, such as the publish of a large repository. */
const maxLockWait = 600_000;
const turnDelay = 1_000;

/** aptly's REST API as the kinds use it. https://www.aptly.info/doc/api/ */
export class Aptly extends Http {
  readonly #lockDelay: number;
  readonly #turnPatience: number;
  /** Tells the user a sentence, which holds nothing secret. */
  readonly report: Report;
  #isWaiting = false;
  readonly #prefixes = new Turns(this.cancellation);
  #version: Promise<string> | undefined;

  constructor(options: AptlyOptions) {
    const { url, username, password, retries = 5, retryDelay, fetch } = options;
    const credentials = Buffer.from(`${username}:${password ?? ""}`).toString("base64");
    super({
      service: "aptly",
      baseUrl: url,
      headers: username === undefined ? {} : { authorization: `Basic ${credentials}` },
      concurrency: 8,
      retries,
      // aptly answers 500 for faults that stay, such as a signing key it does not have.
      retryOn: [429, 502, 503, 504],
      advice,
      words,
      ...(retryDelay !== undefined && { retryDelay }),
      ...(fetch && { fetch }),
      cancellation: options.cancellation,
    });
    this.#lockDelay = retryDelay ?? 500;
    this.#turnPatience = options.turnPatience ?? 1_800_000;
    this.report = options.report ?? engineLog();
  }

  /**
   * The proxy lets one change at a time through to aptly and answers 429 to the others before aptly sees
   * them, so each of them may be sent again, for longer than `retries` would.
   */
  override async send<T>(
    method: Method,
    path: string,
    body?: object,
    query?: Query,
    how?: Sending,
  ): Promise<Answer<T>> {
    const end = Date.now() + this.#turnPatience;
    for (;;) {
      try {
        const answer = await super.send<T>(method, path, body, query, how);
        if (method !== "get") this.#isWaiting = false;
        return answer;
      } catch (error) {
        if (!isStatus(error, 429) || Date.now() > end) throw error;
      }
      this.#reportWaiting();
      await this.cancellation.pause(Math.min(turnDelay, this.#turnPatience), {
        for: "its turn at aptly",
        left: `${method.toUpperCase()} ${path} was not done`,
      });
    }
  }

  /** Once, however many calls wait and however often they ask. */
  #reportWaiting(): void {
    if (!this.#isWaiting) this.report("aptly is busy with another caller's change: waiting.");
    this.#isWaiting = true;
  }

  /** As the server tells it, `1.5.0+ds1-1+b4`; asked once. */
  version(): Promise<string> {
    this.#version ??= this.get<{ Version: string }>("/version").then(
      ({ Version }) => Version,
      (error: unknown) => {
        this.#version = undefined;
        throw error;
      },
    );
    return this.#version;
  }

  /** A whole list, read once for all who ask before the next write. */
  rows<T>(url: string): Promise<readonly T[]> {
    return this.once(url, () => this.get<T[]>(url));
  }

  /**
   * Makes a change and returns the object as it is then. Where no answer tells how the change ended (a
   * lost connection, a restart that forgot the task), the object itself does: `isDone` looks at it.
   */
  async change<T>(
    send: () => Promise<void>,
    read: () => Promise<T>,
    isDone: (found: T) => boolean,
  ): Promise<T> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "unreachable") throw error;
      await waitForAllTasks(this);
      const found = await read().catch((fault: unknown) => {
        throw isStatus(fault, 404) ? error : fault;
      });
      if (!isDone(found)) throw error;
      return found;
    }
    return read();
  }

  /**
   * Makes an object whose id is known before. Once it is made, or aptly is at it when the update is
   * cancelled, it is kept in state, so that the next update looks for it.
   */
  async make<T>(
    id: string,
    inputs: Readonly<Record<string, unknown>>,
    send: () => Promise<void>,
    read: () => Promise<T>,
  ): Promise<T> {
    let isMade = false;
    const sendOnce = async () => {
      await send();
      isMade = true;
    };
    try {
      return await this.change(sendOnce, read, Boolean);
    } catch (error) {
      if (!(error instanceof Error) || !(isMade || this.#isUnderWay(error))) throw error;
      throw new HalfCreatedError(id, inputs, error);
    }
  }

  /** Whether aptly may go on with a call that was given up because the update was cancelled. */
  #isUnderWay(error: Error): boolean {
    return error instanceof CancelledError ? error.isUnderWay : this.cancellation.late.aborted;
  }

  /**
   * Sends a change as a background task and waits for its end: aptly's direct answer is cut off by
   * proxies after a minute, and aptly 1.5 takes its locks for tasks only.
   */
  async run(method: Change, url: string, body?: object, query: Query = {}): Promise<void> {
    const call = { method: method.toUpperCase(), path: url };
    const { status, data } = await this.#whenFree(`${call.method} ${url}`, () =>
      this.send<Task>(method, url, body, { ...query, _async: 1 }),
    );
    // Calls that are no tasks on this server have ended with their answer.
    if (status === 202) await waitForTask(this, data, call);
  }

  /**
   * One publish, update or drop of a prefix at a time: publications of a prefix share their pool of
   * files, which aptly before 1.6.3 does not lock.
   */
  publishing<T>(prefix: string, work: () => Promise<T>): Promise<T> {
    return this.#prefixes.take(prefix, work);
  }

  /** aptly 1.5 answers 409 while another task holds what a call needs. */
  async #whenFree<T>(call: string, send: () => Promise<T>): Promise<T> {
    const wait = { for: "the tasks that hold what it needs", left: `${call} was not done` };
    const end = Date.now() + maxLockWait;
    for (let delay = this.#lockDelay; ; delay = Math.min(delay * 2, maxLockDelay)) {
      try {
        return await send();
      } catch (error) {
        if (!isLocked(error) || Date.now() > end) throw error;
      }
      await this.cancellation.pause(delay, wait);
    }
  }
}

function isLocked(error: unknown): boolean {
  return isStatus(error, 409) && /resources are used by other tasks/i.test(error.answer);
}

/** aptly's error bodies are `{error}`, some without a content type. */
function words(body: unknown): string {
  if (typeof body === "string") {
    const [, error] = /^\{"error":("(?:[^"\\]|\\.)*")\}$/.exec(body.trim()) ?? [];
    return error ? JSON.parse(error) : body;
  }
  if (body === null || typeof body !== "object" || !("error" in body)) return "";
  return String(body.error);
}
