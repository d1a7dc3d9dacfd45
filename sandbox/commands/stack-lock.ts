import { glob } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "../services/process-record.ts";

/** What Pulumi's file backend keeps of the process that locked a stack. */
interface Lock {
  readonly pid: number;
}

/**
 * What to do about the lock that keeps a stack's commands from running; undefined when there is none.
 * @param state The folder of Pulumi's file backend.
 */
export async function explainLock(state: string, stack: string): Promise<string | undefined> {
  const locks = await readLocks(state, stack);
  const [first] = locks;
  if (first === undefined) return undefined;
  for (const { pid } of locks) {
    if (await isPulumi(pid)) return `Process ${pid} works on the stack. Wait until it has ended.\n`;
  }
  return `The stack is still locked by process ${first.pid}, which was killed. Unlock it, then try again:
  eval "$(make -s env)" && pulumi cancel --yes
`;
}

async function readLocks(state: string, stack: string): Promise<Lock[]> {
  const locks: Lock[] = [];
  for await (const file of glob(`.pulumi/locks/**/${stack}/*.json`, { cwd: state })) {
    const text = await readIfPresent(join(state, file));
    // Released in the meantime.
    if (text === undefined) continue;
    locks.push(JSON.parse(text) as Lock);
  }
  return locks;
}

/** A number can have been given to another program since. */
async function isPulumi(pid: number): Promise<boolean> {
  return (await readIfPresent(`/proc/${pid}/comm`)) === "pulumi\n";
}
