import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { time } from "./print.ts";

/** CPU seconds of one command of Pulumi's. */
export interface CpuSplit {
  readonly wall: number;
  readonly engine: number;
  readonly program: number;
  readonly plugins: number;
}

/** Kernel clock ticks per second on Linux, for user space (man 5 proc, `clktck`). */
const ticks = 100;

/** The environment that makes a command's Node.js processes report to `folder`. */
export function clockEnvironment(folder: string): Record<string, string> {
  const clock = new URL("process-clock.ts", import.meta.url);
  return {
    NODE_OPTIONS: `--disable-warning=DEP0180 --import ${clock}`,
    TRUNKLINE_BENCH_CLOCKS: folder,
  };
}

export async function withClocks<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-clocks-"));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command whose processes report to `folder`; what they do not account for is the engine's. */
export async function measure(folder: string, command: () => Promise<void>): Promise<CpuSplit> {
  for (const file of await readdir(folder)) await rm(join(folder, file));
  const before = childSeconds();
  const wall = await time(command);
  const used = childSeconds() - before;
  const reports = await readReports(folder);
  const sumOf = (role: string) =>
    reports.filter((each) => each.role === role).reduce((sum, { seconds }) => sum + seconds, 0);
  const [program, plugins] = [sumOf("program"), sumOf("plugins")];
  // A refresh runs no program.
  if (plugins === 0) throw new Error("the plugins ended without a report");
  return { wall, program, plugins, engine: used - program - plugins };
}

async function readReports(folder: string): Promise<{ role: string; seconds: number }[]> {
  const files = await readdir(folder);
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder, file), "utf8"))),
  );
}

/** CPU seconds of all children that have ended: fields cutime and cstime of man 5 proc. */
function childSeconds(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}
