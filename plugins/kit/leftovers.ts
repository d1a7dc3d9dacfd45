import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { basename } from "node:path";

/** What an engine had started. */
interface Started {
  readonly pid: number;
  /** Where the engine listened. */
  readonly engine: string;
}

/**
 * Ends the language hosts and programs whose engine is gone: a killed `pulumi` leaves both behind, each
 * waiting for an answer that cannot come. Only those of the same PULUMI_HOME, and only on Linux, which
 * tells what a process was started with.
 */
export async function endLeftovers(): Promise<void> {
  for (const { pid, engine } of await listCandidates()) {
    if (await isListening(engine)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!hasCode(error, "ESRCH", "EPERM")) throw error;
    }
  }
}

async function listCandidates(): Promise<Started[]> {
  const home = `PULUMI_HOME=${process.env.PULUMI_HOME ?? ""}`;
  const pids = (await read(() => readdir("/proc"), [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const engine = engineOf(await readWords(`/proc/${pid}/cmdline`));
      if (engine === undefined) return [];
      const environment = await readWords(`/proc/${pid}/environ`);
      const own = environment.find((each) => each.startsWith("PULUMI_HOME=")) ?? "PULUMI_HOME=";
      return own === home ? [{ pid: Number(pid), engine }] : [];
    }),
  );
  return found.flat();
}

/** The engine's address among the words that started a language host or a program of Node.js. */
function engineOf(words: readonly string[]): string | undefined {
  const isHost = basename(words[0] ?? "") === "pulumi-language-nodejs";
  const isProgram = words.some((word) => word.includes("/@pulumi/pulumi/cmd/run"));
  const address = isHost ? words.at(-1) : isProgram ? words[words.indexOf("--engine") + 1] : "";
  return address !== undefined && /^127\.0\.0\.1:\d+$/.test(address) ? address : undefined;
}

function isListening(address: string): Promise<boolean> {
  const [host = "", port = ""] = address.split(":");
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => {
      socket.destroy();
      resolve(true);
    });
    // Whatever else is wrong, only a refusal tells that nobody is there.
    socket.on("error", (error) => resolve(!hasCode(error, "ECONNREFUSED")));
  });
}

async function readWords(file: string): Promise<string[]> {
  return (await read(() => readFile(file, "utf8"), "")).split("\0").filter(Boolean);
}

/** `none` for a process that has ended meanwhile or is somebody else's, and where there is no /proc. */
async function read<T>(reading: () => Promise<T>, none: T): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return none;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
