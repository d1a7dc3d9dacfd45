import { ApiError, isStatus } from "../kit/api-error.ts";
import type { Cancellation, Wait } from "../kit/cancellation.ts";
import { engineLog, type Report } from "../kit/engine-log.ts";
import { type Answer, Http, type Method, type Query, type Sending } from "../kit/http.ts";
import { path } from "../kit/path.ts";
import { ServerAddress } from "../kit/server-address.ts";
import { Turns } from "../kit/turns.ts";
import { type Deletable, isMarked } from "./marked.ts";

export interface GitLabOptions {
  /** Ends in `/api/v4/`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often a call that may be repeated is tried again. */
  readonly retries?: number;
  /** Milliseconds before the first retry. */
  readonly retryDelay?: number;
  /** Milliseconds between two looks at work that GitLab does in the background. Default: 1000. */
  readonly pollDelay?: number;
  readonly fetch?: typeof globalThis.fetch;
  readonly cancellation?: Cancellation;
  /** Default: standard error. */
  readonly report?: Report;
  /** Default: `baseUrl`, with none recorded before. */
  readonly address?: ServerAddress;
}

/** https://docs.gitlab.com/api/metadata/ */
export interface Metadata {
  readonly version: string;
  readonly revision: string;
  /** True for the Enterprise Edition, whatever its license. */
  readonly enterprise: boolean;
  readonly kas: {
    readonly enabled: boolean;
    readonly externalUrl: string | null;
    readonly externalK8sProxyUrl?: string | null;
    readonly version: string | null;
  };
}

/** https://docs.gitlab.com/api/users/#retrieve-the-current-user */
export interface CurrentUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly bot: boolean;
  /** Told to administrators alone. */
  readonly is_admin?: boolean;
  readonly public_email: string | null;
}

/** The most rows GitLab gives per page. https://docs.gitlab.com/api/rest/#pagination */
const perPage = 100;

/** How often work in the background is looked at before giving up: two minutes by default. */
const looks = 120;

const failed =
  "GitLab, or a proxy in front of it, failed: its log says why. Run pulumi up again to go on.";

const advice = {
  401: "Check the token: pulumi config set --secret gitlab:token, or GITLAB_TOKEN.",
  403: "The token needs the api scope, and its user the Maintainer role (Owner for groups).",
  404: "It is gone, or the token's user may not see it. After a removal by hand, run pulumi refresh.",
  429: "GitLab limits requests; run pulumi up again later.",
  500: failed,
  502: failed,
  503: failed,
  504: failed,
  unreachable:
    "Check that GitLab runs and that gitlab:baseUrl, or GITLAB_BASE_URL, is its address ending in /api/v4/.",
} as const;

/** GitLab's REST API as the kinds use it. Paths are spelled where they are used, as in GitLab's docs. */
export class GitLab extends Http {
  #metadata: Promise<Metadata> | undefined;
  #user: Promise<CurrentUser> | undefined;
  readonly #turns = new Turns(this.cancellation);

  readonly pollDelay: number;
  /** Tells the user a sentence; the same one once. */
  readonly report: Report;
  readonly address: ServerAddress;

  constructor(options: GitLabOptions) {
    super({
      service: "gitlab",
      baseUrl: options.baseUrl,
      headers: { ...options.headers, authorization: `Bearer ${options.token}` },
      concurrency: 8,
      retries: options.retries ?? 5,
      advice,
      words,
      ...(options.retryDelay !== undefined && { retryDelay: options.retryDelay }),
      ...(options.fetch && { fetch: options.fetch }),
      cancellation: options.cancellation,
    });
    this.pollDelay = options.pollDelay ?? 1000;
    this.report = onlyOnce(options.report ?? engineLog());
    const nowhereBefore = { now: options.baseUrl, recorded: undefined };
    this.address = options.address ?? new ServerAddress("gitlab:baseUrl", nowhereBefore, {});
  }

  /** Deletes; done when it is already gone, or when its project is: GitLab then refuses every change. */
  async remove(url: string, query?: Query): Promise<void> {
    try {
      await this.delete(url, query);
    } catch (error) {
      if (isStatus(error, 404)) return;
      if (!isStatus(error, 403) || !(await this.#isInMarkedProject(url))) throw error;
    }
  }

  async #isInMarkedProject(url: string): Promise<boolean> {
    const row = await this.#findProjectOf<Deletable>(url);
    return row ? isMarked(row) : false;
  }

  /** The project in which something is, by the URL of that. */
  async #findProjectOf<T>(url: string): Promise<T | undefined> {
    const [project] = /^\/projects\/[^/]+(?=\/)/.exec(url) ?? [];
    return project === undefined ? undefined : await this.find<T>(project);
  }

  /** An archived project takes no changes; GitLab's answer does not say that it is one. */
  override async send<T>(
    method: Method,
    url: string,
    body?: object,
    query?: Query,
    how?: Sending,
  ): Promise<Answer<T>> {
    try {
      return await super.send<T>(method, url, body, query, how);
    } catch (error) {
      if (method === "get" || !isStatus(error, 403) || url.endsWith("/unarchive")) throw error;
      const row = await this.#findProjectOf<{ readonly archived: boolean }>(url);
      throw row?.archived
        ? error.withAdvice(
            "The project is archived. Where it is declared, pulumi up opens it again.",
          )
        : error;
    }
  }

  /** Looks at a URL until what is there is as wanted; `what` says in a word what that is: `removed`. */
  async until<T>(
    url: string,
    what: string,
    isDone: (found: T | undefined) => boolean,
    advice = "GitLab's background jobs may be slow or stopped; run pulumi up again later.",
  ): Promise<T | undefined> {
    const wait = { for: `${url} to be ${what}`, left: "GitLab goes on with it" };
    for (let look = 1; look <= looks; look += 1) {
      const found = await this.find<T>(url);
      if (isDone(found)) return found;
      await this.cancellation.pause(this.pollDelay, wait);
    }
    throw new ApiError({
      service: "gitlab",
      method: "GET",
      path: url,
      status: 200,
      answer: `it is still not ${what}`,
      advice,
    });
  }

  /** Repeats a call for as long as it is refused for a reason that passes by itself. */
  async patiently<T>(
    call: () => Promise<T>,
    passes: (error: unknown) => boolean,
    wait: Wait,
  ): Promise<T> {
    for (let look = 1; ; look += 1) {
      try {
        return await call();
      } catch (error) {
        if (look === looks || !passes(error)) throw error;
      }
      await this.cancellation.pause(this.pollDelay, wait);
    }
  }

  /** One after another for each key: commits to one repository get in each other's way. */
  async inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    return await this.#turns.take(key, work);
  }

  /** All rows of a paged list, shared by everyone who asks before the next write; `undefined` when the parent is gone. */
  rows<T>(url: string, query: Query = {}): Promise<readonly T[] | undefined> {
    return this.once(`${url} ${JSON.stringify(query)}`, async () => {
      try {
        return await this.#pages<T>(url, query);
      } catch (error) {
        if (isStatus(error, 404)) return undefined;
        throw error;
      }
    });
  }

  async #pages<T>(url: string, query: Query): Promise<readonly T[]> {
    const rows: T[] = [];
    for (let page = "1"; page !== ""; ) {
      const { data, headers } = await this.send<T[]>("get", url, undefined, {
        ...query,
        page,
        per_page: perPage,
      });
      rows.push(...data);
      page = headers.get("x-next-page") ?? "";
    }
    return rows;
  }

  /** The project, read once for all kinds that look at it; `undefined` when gone. */
  project<T>(id: string): Promise<T | undefined> {
    const url = path`/projects/${id}`;
    return this.once(url, () => this.find<T>(url));
  }

  /** Edition and version, read once. */
  metadata(): Promise<Metadata> {
    this.#metadata ??= this.get<Metadata>("/metadata");
    return this.#metadata;
  }

  /** Whose token it is, read once. */
  user(): Promise<CurrentUser> {
    this.#user ??= this.get<CurrentUser>("/user");
    return this.#user;
  }
}

function onlyOnce(report: Report): Report {
  const told = new Set<string>();
  return (sentence) => {
    if (!told.has(sentence)) report(sentence);
    told.add(sentence);
  };
}

/** GitLab's error bodies: `{message}` or `{error}`, each a text, a list, or texts by field. */
function words(body: unknown): string {
  if (typeof body === "string") return body;
  if (Array.isArray(body)) return body.map(words).join(", ");
  if (body === null || typeof body !== "object") return "";
  const {
    message,
    error,
    error_description: description,
    ...fields
  } = body as Record<string, unknown>;
  if (description !== undefined) return words(description);
  if (message !== undefined) return words(message);
  if (error !== undefined) return words(error);
  return Object.entries(fields)
    .map(([field, text]) => `${field} ${words(text)}`)
    .join(", ");
}
