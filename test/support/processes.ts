import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Command lines of the processes that have a variable, `NAME=value`, in their environment. */
export async function listProcesses(variable: string): Promise<string[]> {
  const pids = await pidsWith(variable);
  const found = await Promise.all(pids.map((pid) => read(`/proc/${pid}/cmdline`)));
  return found.filter((words) => words.length > 0).map((words) => words.join(" "));
}

/** Ends the processes that have a variable, `NAME=value`, in their environment. */
export async function endProcesses(variable: string): Promise<void> {
  for (const pid of await pidsWith(variable)) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function pidsWith(variable: string): Promise<string[]> {
  const pids = await listPids();
  const environments = await Promise.all(pids.map((pid) => read(`/proc/${pid}/environ`)));
  return pids.filter((_, index) => environments[index]?.includes(variable));
}

/** Collects the command lines of all processes, those in containers too, until it is stopped. */
export function watchCommandLines(): { stop(): Promise<ReadonlySet<string>> } {
  const seen = new Set<string>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const found = (await listPids()).map((pid) => read(`/proc/${pid}/cmdline`));
      for (const words of await Promise.all(found)) seen.add(words.join(" "));
      await sleep(5);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return seen;
    },
  };
}

async function listPids(): Promise<string[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
}

/** Nothing for a process that has ended meanwhile, or belongs to somebody else. */
async function read(file: string): Promise<string[]> {
  try {
    return (await readFile(file, "utf8")).split("\0").filter(Boolean);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && ["ENOENT", "ESRCH", "EACCES"].includes(code)) return [];
    throw error;
  }
}
