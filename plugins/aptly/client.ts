import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import { ApiError, isStatus } from "../kit/api-error.ts";
import { Http, type Query } from "../kit/http.ts";
import { isForgotten, type Task, toTaskError } from "./task.ts";

export interface AptlyOptions {
  /** Ends in `/api`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** How often a call that may be repeated is tried again. */
  readonly retries?: number;
  /** Milliseconds before the first retry, and before a call that met a lock is sent again. */
  readonly retryDelay?: number;
  readonly fetch?: typeof globalThis.fetch;
}

type Change = "post" | "put" | "delete";

const advice = {
  401: "Check aptly:username and aptly:password, or APTLY_USERNAME and APTLY_PASSWORD.",
  403: "Either the user may not do this, or a snapshot made from it is still there: delete that first.",
  404: "Check that the sources exist, and that aptly:url, or APTLY_URL, ends in /api.",
  409: "Something on the server still uses it: unpublish or delete that first.",
  502: "The proxy in front of aptly has no aptly behind it: check that aptly runs.",
  503: "The proxy in front of aptly has no aptly behind it: check that aptly runs.",
  504: "The proxy in front of aptly stopped waiting: check that aptly runs, then run pulumi up again.",
  unreachable:
    "Check that aptly's API runs and that aptly:url, or APTLY_URL, is its address ending in /api.",
} as const;

/** Milliseconds between two looks at a task: small ones end at once, a large publish takes minutes. */
const pollDelays = { first: 50, last: 2_000 };
const maxLockDelay = 10_000;
/** Milliseconds to wait for the tasks of others, such as the publish of a large repository. */
const maxLockWait = 600_000;

/** aptly's REST API as the kinds use it. https://www.aptly.info/doc/api/ */
export class Aptly extends Http {
  readonly #lockDelay: number;
  readonly #prefixes = new Map<string, PQueue>();
  #version: Promise<string> | undefined;

  constructor({ url, username, password, retries = 5, retryDelay, fetch }: AptlyOptions) {
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
    });
    this.#lockDelay = retryDelay ?? 500;
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

  /** `undefined` when aptly says 404. */
  async find<T>(url: string): Promise<T | undefined> {
    try {
      return await this.get<T>(url);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
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
      const found = await read();
      if (!isDone(found)) throw error;
      return found;
    }
    return read();
  }

  /**
   * Sends a change as a background task and waits for its end: aptly's direct answer is cut off by
   * proxies after a minute, and aptly 1.5 takes its locks for tasks only.
   */
  async run(method: Change, url: string, body?: object, query: Query = {}): Promise<void> {
    const { status, data } = await this.#whenFree(() =>
      this.send<Task>(method, url, body, { ...query, _async: 1 }),
    );
    // Calls that are no tasks on this server have ended with their answer.
    if (status === 202) await this.#untilEnd(data, method.toUpperCase(), url);
  }

  /**
   * One publish, update or drop of a prefix at a time: publications of a prefix share their pool of
   * files, which aptly before 1.6.3 does not lock.
   */
  publishing<T>(prefix: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#prefixes.get(prefix) ?? new PQueue({ concurrency: 1 });
    this.#prefixes.set(prefix, queue);
    return queue.add(work);
  }

  /** aptly 1.5 answers 409 while another task holds what a call needs. */
  async #whenFree<T>(send: () => Promise<T>): Promise<T> {
    const end = Date.now() + maxLockWait;
    for (let delay = this.#lockDelay; ; delay = Math.min(delay * 2, maxLockDelay)) {
      try {
        return await send();
      } catch (error) {
        if (!isLocked(error) || Date.now() > end) throw error;
      }
      await sleep(delay);
    }
  }

  async #untilEnd(task: Task, method: string, url: string): Promise<void> {
    for (let delay = pollDelays.first; ; delay = Math.min(delay * 1.5, pollDelays.last)) {
      await sleep(delay);
      const now = await this.find<Task>(`/tasks/${task.ID}`);
      if (now === undefined || isForgotten(task, now)) {
        const answer = `aptly restarted and forgot task ${task.ID}`;
        const repeat = "Run pulumi up again.";
        throw new ApiError({ service: "aptly", method, path: url, answer, advice: repeat });
      }
      if (now.State === 2) return this.delete(`/tasks/${task.ID}`);
      if (now.State === 3) throw await this.#failure(task, method, url);
    }
  }

  async #failure(task: Task, method: string, url: string): Promise<ApiError> {
    const output = await this.get<string>(`/tasks/${task.ID}/output`);
    const result = await this.get<{ Code: number } | null>(`/tasks/${task.ID}/return_value`);
    await this.delete(`/tasks/${task.ID}`);
    const status = result?.Code ?? 500;
    const hint = (advice as Partial<Record<number, string>>)[status];
    return toTaskError({ method, path: url, status, output, advice: hint });
  }
}

function isLocked(error: unknown): boolean {
  return isStatus(error, 409) && /resources are used by other tasks/i.test(error.answer);
}

/** aptly's error bodies are `{error}`, some without a content type; a proxy's are HTML, which says no more than its status. */
function words(body: unknown): string {
  if (typeof body === "string") {
    const [, error] = /^\{"error":("(?:[^"\\]|\\.)*")\}$/.exec(body.trim()) ?? [];
    if (error) return JSON.parse(error);
    return body.trimStart().startsWith("<") ? "" : body;
  }
  if (body === null || typeof body !== "object" || !("error" in body)) return "";
  return String(body.error);
}
