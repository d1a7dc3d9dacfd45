type Cleanup = () => Promise<unknown>;

/** Registers what ends a thing, best before that thing is started. */
export type OnEnd = (cleanup: Cleanup) => void;

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Does work that starts things, and ends them afterwards in reverse order: when it failed and when
 * it is interrupted, too.
 */
export async function withCleanups(work: (onEnd: OnEnd) => Promise<void>): Promise<void> {
  const cleanups: Cleanup[] = [];
  let cleaning: Promise<void> | undefined;
  const cleanUp = () => {
    cleaning ??= runAll(cleanups);
    return cleaning;
  };
  const interrupt = () => void cleanUp().then(() => process.exit(130));
  // Not once: where nobody else listens any more, execa lets the signal end the process.
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await work((cleanup) => cleanups.push(cleanup));
  } finally {
    await cleanUp();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** The last one first, and each of them although another fails. */
async function runAll(cleanups: Cleanup[]): Promise<void> {
  const cleanup = cleanups.pop();
  try {
    await cleanup?.();
  } finally {
    if (cleanups.length > 0) await runAll(cleanups);
  }
}
