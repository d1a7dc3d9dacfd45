import { readFile } from "node:fs/promises";

/** Reads the kernel's report on this process. */
export type ReadProcessStatus = () => Promise<string>;

const readOwnStatus: ReadProcessStatus = () => readFile("/proc/self/status", "utf8");

/**
 * Whether this process may start containers.
 * @param readProcessStatus Where the privileges are read. Default: the kernel's own report.
 */
export async function mayRunContainers(
  readProcessStatus: ReadProcessStatus = readOwnStatus,
): Promise<boolean> {
  // CAP_SYS_ADMIN is bit 21 of the effective set (man 7 capabilities).
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(await readProcessStatus())?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n;
}
