import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** What is kept of a process that was started, so that a later command finds it again. */
export interface ProcessRecord {
  pid: number;
  /** Its start, in clock ticks since boot: tells it from a later process with the same pid. */
  startTime: string;
  /** A hash of the command and its configuration. */
  fingerprint: string;
}

/** Keeps the record of a process that was just started. */
export async function writeRecord(
  file: string,
  record: Omit<ProcessRecord, "startTime">,
): Promise<void> {
  const startTime = await readStartTime(record.pid);
  if (startTime === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...record, startTime }));
}

/** The record of a process that still runs; removes the record of one that has gone. */
export async function findRunning(file: string): Promise<ProcessRecord | undefined> {
  const text = await readIfPresent(file);
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as ProcessRecord;
  if ((await readStartTime(record.pid)) === record.startTime) return record;
  await rm(file);
  return undefined;
}

/** Field 22 of /proc/PID/stat (man 5 proc), undefined for a process that is gone or a zombie. */
async function readStartTime(pid: number): Promise<string | undefined> {
  const stat = await readIfPresent(`/proc/${pid}/stat`);
  // The second field, the command in brackets, may itself hold spaces and brackets.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return state === "Z" ? undefined : fields[18];
}

/** The text of a file, undefined when there is none. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A process that ends while its entry is read gives ESRCH.
    if (code !== "ENOENT" && code !== "ESRCH") throw error;
    return undefined;
  }
}
