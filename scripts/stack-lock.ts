import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "../sandbox/services/process-record.ts";

/** What Pulumi's file backend keeps of the process that locked a stack. */
interface Lock {
  readonly pid: number;
}

/**
 * What to do about the lock that keeps a stack's commands from running; undefined when there is none.
 * @param state The folder of Pulumi's file backend.
 */
export async function explainLock(state: string, stack: string): Promise<string | undefined> {
  const locks = await readLocks(join(state, ".pulumi/locks"), stack);
  const [first] = locks;
  if (first === undefined) return undefined;
  for (const { pid } of locks) {
    if (await isPulumi(pid)) return `Process ${pid} works on the stack. Wait until it has ended.\n`;
  }
  return `The stack is still locked by process ${first.pid}, which was killed. Unlock it, then try again:
  eval "$(make -s env)" && pulumi cancel --yes
`;
}

async function readLocks(folder: string, stack: string): Promise<Lock[]> {
  const files = (await listIfPresent(folder)).filter((file) => file.includes(`/${stack}/`));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return texts.map((text) => JSON.parse(text) as Lock);
}

async function listIfPresent(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath.slice(folder.length), name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return [];
  }
}

/** A number can have been given to another program since. */
async function isPulumi(pid: number): Promise<boolean> {
  return (await readIfPresent(`/proc/${pid}/comm`)) === "pulumi\n";
}
