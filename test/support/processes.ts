import { readdir, readFile } from "node:fs/promises";

/** Command lines of the processes that have a variable, `NAME=value`, in their environment. */
export async function listProcesses(variable: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await read(`/proc/${pid}/environ`);
      return environment.includes(variable) ? await read(`/proc/${pid}/cmdline`) : [];
    }),
  );
  return found.filter((words) => words.length > 0).map((words) => words.join(" "));
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
