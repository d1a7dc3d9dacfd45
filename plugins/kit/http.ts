import ky, { HTTPError, type KyInstance, NetworkError, TimeoutError } from "ky";
import PQueue from "p-queue";
import { joinUrl } from "../../validation/urls.ts";
import { ApiError, isStatus } from "./api-error.ts";
import { Cancellation, runAgain } from "./cancellation.ts";
import { Tries } from "./tries.ts";

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface HttpOptions {
  /** Name of the far side in errors: `gitlab`, `aptly`. */
  readonly service: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** How often a call that may be repeated is tried again. */
  readonly retries: number;
  /** Milliseconds before the first retry; doubles with each. A `Retry-After` header goes first. */
  readonly retryDelay?: number;
  /** Statuses after which a call that may be repeated is tried again. Default: 429, 500, 502, 503 and 504. */
  readonly retryOn?: readonly number[];
  /** What the user can do, by status, or when there is no answer at all. */
  readonly advice: Readonly<Partial<Record<number | "unreachable", string>>>;
  /** The far side's own words in an error body. */
  readonly words: (body: unknown) => string;
  readonly fetch?: typeof globalThis.fetch;
  /** Default: nobody cancels. */
  readonly cancellation?: Cancellation | undefined;
}

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly headers: Headers;
}

export interface Sending {
  /** Whether the call may be sent again when its answer is lost. Default: unless it is a POST or PATCH. */
  readonly isRepeatable?: boolean;
}

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** GitLab and its proxies ask for minutes at most; longer waits belong to the next `pulumi up`. */
const maxRetryAfter = 120_000;
const maxRetryDelay = 30_000;
/** Milliseconds for one try. A publish of a large repository takes minutes. */
const timeout = 600_000;

/**
 * JSON over HTTP with the manners a shared server wants: bounded concurrency, keep-alive, and retries
 * with back-off of calls that may be repeated (a POST only when it was refused with 429, or changes
 * nothing when it is done twice).
 */
export class Http {
  /** Ends the waits of whoever uses this. */
  readonly cancellation: Cancellation;
  readonly #client: KyInstance;
  readonly #queue: PQueue;
  readonly #options: HttpOptions;
  readonly #reads = new Map<string, Promise<unknown>>();

  constructor(options: HttpOptions) {
    this.#options = options;
    this.cancellation = options.cancellation ?? new Cancellation();
    this.#queue = new PQueue({ concurrency: options.concurrency });
    this.#client = ky.create({
      headers: options.headers,
      timeout,
      fetch: reading(options.fetch ?? globalThis.fetch),
      retry: {
        limit: options.retries,
        methods: ["get", "put", "delete", "post", "patch"],
        statusCodes: [...(options.retryOn ?? [429, 500, 502, 503, 504])],
        afterStatusCodes: [429, 503],
        maxRetryAfter,
        delay: (attempt) => (options.retryDelay ?? 500) * 2 ** (attempt - 1),
        backoffLimit: maxRetryDelay,
        jitter: true,
      },
    });
  }

  async send<T>(
    method: Method,
    path: string,
    body?: object,
    query: Query = {},
    how: Sending = {},
  ): Promise<Answer<T>> {
    return await this.#queue.add(() => this.#send<T>(method, path, body, query, how));
  }

  async get<T>(path: string, query?: Query): Promise<T> {
    return (await this.send<T>("get", path, undefined, query)).data;
  }

  /** `undefined` when the server says 404: gone, or not to be seen with these credentials. */
  async find<T>(path: string, query?: Query): Promise<T | undefined> {
    try {
      return await this.get<T>(path, query);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /** One request however many ask, until the next write: what lets a refresh read a list of siblings once. A read that failed or found nothing is forgotten. */
  once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reads.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const forget = () => this.#reads.delete(key);
    const reading = read().then(
      (found) => {
        if (found === undefined) forget();
        return found;
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
    this.#reads.set(key, reading);
    return reading;
  }

  async post<T>(path: string, body?: object, query?: Query): Promise<T> {
    return (await this.send<T>("post", path, body, query)).data;
  }

  /** A POST that leaves things as they are when it is done once more: repeated as a PUT is. */
  async repost<T>(path: string, body?: object): Promise<T> {
    return (await this.send<T>("post", path, body, {}, { isRepeatable: true })).data;
  }

  async put<T>(path: string, body?: object, query?: Query): Promise<T> {
    return (await this.send<T>("put", path, body, query)).data;
  }

  async patch<T>(path: string, body?: object, query?: Query): Promise<T> {
    return (await this.send<T>("patch", path, body, query)).data;
  }

  async delete(path: string, query?: Query): Promise<void> {
    await this.send("delete", path, undefined, query);
  }

  async #send<T>(
    method: Method,
    path: string,
    body: object | undefined,
    query: Query,
    how: Sending,
  ) {
    const url = new URL(joinUrl(this.#options.baseUrl, path));
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    // Before and after: a list read while a write is under way may show either side of it.
    if (method !== "get") this.#reads.clear();
    const tries = new Tries(this.cancellation);
    try {
      const response = await this.#request(url, method, body, tries, how);
      const text = await response.text();
      const data = (text && JSON.parse(text)) as T;
      return { status: response.status, data, headers: response.headers };
    } catch (error) {
      const name = method.toUpperCase();
      throw tries.signal.aborted
        ? this.#explainCut(error, tries, name, path)
        : this.#explain(error, name, path);
    } finally {
      tries.end();
      if (method !== "get") this.#reads.clear();
    }
  }

  #request(
    url: URL,
    method: Method,
    body: object | undefined,
    tries: Tries,
    { isRepeatable = method !== "post" && method !== "patch" }: Sending,
  ): Promise<Response> {
    return this.#client(url, {
      method,
      signal: tries.signal,
      retry: {
        shouldRetry({ error }) {
          if (!isRepeatable && !isUnread(error)) return false;
          tries.pause(error);
          return undefined;
        },
      },
      hooks: { beforeRetry: [() => tries.goOn()] },
      ...(body && { json: body }),
    });
  }

  /** The error of a call that a cancellation cut short. */
  #explainCut(error: unknown, { lastFault }: Tries, method: string, path: string): unknown {
    if (error instanceof HTTPError) return this.#explain(error, method, path);
    const explained = this.#explain(lastFault, method, path);
    if (explained instanceof ApiError) {
      return explained.withAdvice(`It was not tried again: the update was cancelled. ${runAgain}`);
    }
    const { service } = this.#options;
    const answer = "the update was cancelled";
    const advice = method === "GET" ? runAgain : `It may be done all the same. ${runAgain}`;
    return new ApiError({ service, method, path, answer, advice, cause: error });
  }

  #explain(error: unknown, method: string, path: string): unknown {
    const { service, advice, words } = this.#options;
    const call = { service, method, path, cause: error };
    if (error instanceof HTTPError) {
      const { status, statusText } = error.response;
      const answer = words(isPage(error.data) ? undefined : error.data) || statusText;
      return new ApiError({ ...call, status, answer, advice: advice[status] });
    }
    if (error instanceof NetworkError || error instanceof TimeoutError) {
      return new ApiError({ ...call, answer: reason(error), advice: advice.unreachable });
    }
    if (error instanceof SyntaxError) {
      const answer = "something that is not JSON";
      return new ApiError({ ...call, status: 200, answer, advice: advice.unreachable });
    }
    return error;
  }
}

/** A repeated POST or PATCH could act twice; one that was refused unread could not. */
function isUnread(error: Error): boolean {
  return error instanceof HTTPError && error.response.status === 429;
}

/** With the whole body, so that an answer that breaks off is a failure of the call like any other. */
function reading(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (...request) => {
    const response = await fetch(...request);
    const { status, statusText, headers } = response;
    return new Response((await response.text()) || null, { status, statusText, headers });
  };
}

/** The HTML of a proxy in front of the server, which tells less than the status does. */
function isPage(body: unknown): boolean {
  return typeof body === "string" && body.trimStart().startsWith("<");
}

/** `ECONNREFUSED` and the like, which fetch buries two causes deep. */
function reason(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return error.message;
}
