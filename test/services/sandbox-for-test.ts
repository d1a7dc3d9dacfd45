import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type RunningSandbox,
  type StartSandboxArgs,
  startSandbox,
} from "../../sandbox/services/sandbox.ts";

/** An empty folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Services on free ports in a temporary folder, ended with the test. */
export async function startForTest(
  args: Partial<StartSandboxArgs>,
): Promise<RunningSandbox & { directory: string }> {
  const directory = args.directory ?? (await temporaryFolder());
  const sandbox = await startSandbox({ directory, ports: "free", ...args });
  onTestFinished(() => sandbox.stop());
  return { ...sandbox, directory };
}
