import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { toolchainPaths } from "../../../toolchain/paths.ts";

/** A runner that somebody else wrote, in Python, at pinned versions. */
const packages = ["gitlab-python-runner==14.3.20", "gitlab-emulator==1.0.5"];

/** The runner's program, or why it cannot be had. */
export type PythonRunner = { program: [string, string] } | { missing: string };

/** Installs the runner into a virtual environment of its own, once. */
export async function installPythonRunner(): Promise<PythonRunner> {
  const folder = join(toolchainPaths().root, "python-runner");
  const [python, script] = [
    join(folder, "bin", "python3"),
    join(folder, "bin", "gitlab-runner.py"),
  ];
  if (!(await exists(script))) {
    const missing = await install(folder, python);
    if (missing !== undefined) return { missing };
  }
  return { program: [python, script] };
}

async function install(folder: string, python: string): Promise<string | undefined> {
  try {
    await execa("python3", ["-m", "venv", "--clear", folder]);
    await execa(python, ["-m", "pip", "install", "--quiet", "--retries", "1", ...packages]);
    return undefined;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (!(error instanceof ExecaError)) throw error;
    const reason = whyAbsent(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

/** Why the runner cannot be had on this machine; undefined for any other failure. */
function whyAbsent({ code, message }: ExecaError): string | undefined {
  if (code === "ENOENT") return "python3 is not installed";
  if (message.includes("ensurepip is not available")) return "python3-venv is not installed";
  const unreachable = /NewConnectionError|ConnectTimeout|Temporary failure in name resolution/;
  return unreachable.test(message) ? "PyPI cannot be reached" : undefined;
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
