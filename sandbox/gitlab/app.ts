import fastify, { type FastifyError, type FastifyInstance, LogController } from "fastify";
import qs from "qs";
import { addAuthentication } from "./auth.ts";
import type { Context } from "./context.ts";
import { families } from "./families.ts";
import { Faults } from "./faults.ts";
import { gitRoutes } from "./git/smart-http.ts";
import { createFetch } from "./in-process-fetch.ts";
import { catchUp } from "./pipelines/catch-up.ts";
import { QueueSignal } from "./pipelines/queue-signal.ts";
import { Refusal, refusal, sendRefusal } from "./reply.ts";
import { RequestLog } from "./request-log.ts";
import { seedRoot } from "./seed.ts";
import { Store } from "./store.ts";

/** How a sandbox is set up. */
export interface SandboxOptions {
  /** Folder of the data: `db.json` and `repositories/<id>.git`. */
  directory: string;
  /** The present moment. Default: the machine's clock. */
  clock?: () => Date;
  /**
   * Removes deleted groups and projects at once, as GitLab did before 18, instead of marking them. A
   * top-level group could not be removed otherwise. Default: false.
   */
  deletesAtOnce?: boolean;
  /**
   * Seconds that a runner's request for a job is held where there is none. Default: 50, as in GitLab.
   * https://docs.gitlab.com/ci/runners/long_polling/
   */
  longPolling?: number;
  /** Token of the administrator. Default: the one kept in `directory`, else a new one. */
  rootToken?: string;
}

/** A GitLab of the free tier, version 18, in one process. */
export interface Sandbox {
  app: FastifyInstance;
  store: Store;
  rootToken: string;
  /** Sends requests without a socket, to any host name. */
  fetch: typeof fetch;
  /** Requests so far, by route. */
  requests: RequestLog;
  /** Failures to come, put there by tests. */
  faults: Faults;
  /** Opens a socket, by default on a free port of 127.0.0.1, and gives its base URL. */
  listen(port?: number, host?: string): Promise<string>;
  /** Closes connections and writes what is not yet on disk. */
  close(): Promise<void>;
}

/** How often is looked for what became due, in milliseconds. */
const watchInterval = 10_000;

/** Builds a sandbox on `directory`, with everything an earlier one left there. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const store = new Store(options.directory);
  const { directory, clock, deletesAtOnce = false, longPolling = 50 } = options;
  const now = clock ?? (() => new Date());
  const queue = new QueueSignal();
  let url = "http://127.0.0.1";
  const address = () => url;
  const context: Context = { store, directory, deletesAtOnce, now, queue, longPolling, address };
  const rootToken = seedRoot(context, options.rootToken);
  const requests = new RequestLog();
  const faults = new Faults();
  const app = createServer();
  addFaultsAndLog(app, requests, faults);
  await app.register(createApi(context), { prefix: "/api/v4" });
  await app.register(gitRoutes(context));
  await app.ready();
  const stopWatching = watchClock(context, app);
  return {
    app,
    store,
    rootToken,
    requests,
    faults,
    fetch: createFetch(app),
    async listen(port = 0, host = "127.0.0.1") {
      url = await app.listen({ port, host });
      return url;
    },
    async close() {
      stopWatching();
      queue.close();
      await app.close();
      store.flush();
    },
  };
}

/** Does what becomes due although nobody asks; requests for jobs look too. */
function watchClock(context: Context, app: FastifyInstance): () => void {
  const watch = setInterval(() => {
    catchUp(context).catch((error: unknown) => app.log.error(error));
  }, watchInterval);
  watch.unref();
  return () => clearInterval(watch);
}

function createServer(): FastifyInstance {
  const app = fastify({
    logger: { level: "error", stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 100 * 1024 * 1024,
    routerOptions: { maxParamLength: 4096, querystringParser: (query) => qs.parse(query) },
  });
  addBodyParsers(app);
  app.setNotFoundHandler((request, reply) =>
    sendRefusal(reply, refusal.notImplemented(request.method, request.url.split("?", 1)[0] ?? "")),
  );
  app.setErrorHandler((error: FastifyError | Refusal, _request, reply) => {
    if (error instanceof Refusal) return sendRefusal(reply, error);
    if (error.statusCode !== undefined && error.statusCode < 500)
      return sendRefusal(reply, refusal.badRequest(error.message));
    app.log.error(error);
    return sendRefusal(reply, refusal.crashed());
  });
  return app;
}

function addBodyParsers(app: FastifyInstance): void {
  const asText = { parseAs: "string" } as const;
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", asText, async (_request: unknown, body: string) => {
    if (body === "") return undefined;
    try {
      return JSON.parse(body);
    } catch (error) {
      if (error instanceof SyntaxError) throw refusal.parameters(["Problems parsing JSON"]);
      throw error;
    }
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    asText,
    async (_request: unknown, body: string) => qs.parse(body),
  );
}

function addFaultsAndLog(app: FastifyInstance, requests: RequestLog, faults: Faults): void {
  app.addHook("onRequest", async (request, reply) => {
    requests.add(request);
    if (faults.befall(request, reply)) return reply;
  });
  app.addHook("onSend", (request, reply, payload) => faults.meddle(request, reply, payload));
}

function createApi(context: Context) {
  return async (api: FastifyInstance) => {
    addAuthentication(api, context);
    for (const family of families) await family(api, context);
  };
}
