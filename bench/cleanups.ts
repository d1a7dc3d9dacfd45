type Cleanup = () => Promise<unknown>;

/**
 * Does work that starts things, and ends them afterwards in reverse order: when it failed and when
 * it is interrupted, too.
 * @param work Told how to register what ends a thing, best before that thing is started.
 */
export async function withCleanups(
  work: (onEnd: (cleanup: Cleanup) => void) => Promise<void>,
): Promise<void> {
  const cleanups: Cleanup[] = [];
  const cleanUp = async (): Promise<void> => {
    const cleanup = cleanups.pop();
    try {
      await cleanup?.();
    } finally {
      if (cleanups.length > 0) await cleanUp();
    }
  };
  const interrupt = () => void cleanUp().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupt);
  try {
    await work((cleanup) => cleanups.push(cleanup));
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, interrupt);
    await cleanUp();
  }
}
