import type { FastifyInstance } from "fastify";
import type { QueueSignal } from "./pipelines/queue-signal.ts";
import type { Store } from "./store.ts";

/** What every route family is given. */
export interface Context {
  store: Store;
  /** Folder of the sandbox's data; `git/repository.ts` knows where a repository lies in it. */
  directory: string;
  /** Whether a deleted group or project is removed at once, as by GitLab before 18, instead of marked. */
  deletesAtOnce: boolean;
  /** The present moment; injected so that tests stand still. */
  now: () => Date;
  /** Wakes the runners that wait for a job. */
  queue: QueueSignal;
  /** Seconds that a runner waits for a job before it is told that there is none. */
  longPolling: number;
  /** Scheme, host and port of the server, for what no request asks for. */
  address: () => string;
}

/** One file of routes, registered under `/api/v4`. */
export type RouteFamily = (api: FastifyInstance, context: Context) => void | Promise<void>;

/** `2026-11-24T05:51:47.000Z`, as GitLab prints times. */
export function timestamp(context: Pick<Context, "now">): string {
  return context.now().toISOString();
}

/** `2026-11-24`, as GitLab prints days. */
export function today(context: Pick<Context, "now">): string {
  return timestamp(context).slice(0, 10);
}
