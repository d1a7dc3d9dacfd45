import { type Context, timestamp } from "../context.ts";
import type { Runner } from "../entities.ts";
import { refusal } from "../reply.ts";
import type { RunnerManager } from "./rows.ts";

/** The runner of a token; 403 for a token of nobody. */
export function requireRunner({ store }: Context, token: string): Runner {
  const runner = store.runners.find((row) => row.token === token);
  if (runner === undefined) throw refusal.forbidden();
  return runner;
}

/** Milliseconds between two notes of contact; each note rewrites the data file. */
const pause = 60 * 1000;

/** Notes that a runner was heard of, and which of its processes it was. */
export function noteRunner(
  context: Context,
  runner: Runner,
  systemId: string | undefined,
  info: Record<string, unknown> = {},
): void {
  const { store } = context;
  const now = timestamp(context);
  const isFresh = (contacted: string | null) =>
    contacted !== null && Math.abs(Date.parse(now) - Date.parse(contacted)) < pause;
  if (!isFresh(runner.contacted_at)) store.runners.update(runner, { contacted_at: now });
  if (systemId === undefined) return;
  const known = findManager(context, runner, systemId);
  if (known && isFresh(known.contacted_at)) return;
  const fields = { ...toFacts(info), contacted_at: now };
  if (known) store.runnerManagers.update(known, fields);
  else {
    const { id: runner_id } = runner;
    store.runnerManagers.insert({ ...fields, runner_id, system_id: systemId, created_at: now });
  }
}

/** The process of a runner with this system id. */
export function findManager(
  { store }: Context,
  runner: Runner,
  systemId: string,
): RunnerManager | undefined {
  return store.runnerManagers.find(
    (row) => row.runner_id === runner.id && row.system_id === systemId,
  );
}

function toFacts(info: Record<string, unknown>) {
  const fact = (name: string) => {
    const value = info[name];
    return typeof value === "string" ? value : null;
  };
  return {
    version: fact("version"),
    revision: fact("revision"),
    platform: fact("platform"),
    architecture: fact("architecture"),
  };
}
