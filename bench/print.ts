/** Writes a line of a benchmark's result. */
export function print(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Runs something and tells how many seconds passed. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
