import { execa } from "execa";
import { findCommand } from "./debian-packages.ts";
import type { Tool } from "./tools.ts";

/** An installed program that is new enough. */
export interface InstalledTool {
  file: string;
  version: string;
}

/** The installed program of a tool on `path`, undefined when there is none or it is too old. */
export async function findInstalled(tool: Tool, path: string): Promise<InstalledTool | undefined> {
  if (tool.versionArguments === undefined) return undefined;
  const file = await findCommand(tool.name, path);
  if (file === undefined) return undefined;
  const { stdout, failed } = await execa(file, tool.versionArguments, {
    reject: false,
    timeout: 20_000,
  });
  const version = failed ? undefined : readVersion(stdout);
  const oldest = tool.oldest ?? tool.version;
  return version !== undefined && isAtLeast(version, oldest) ? { file, version } : undefined;
}

/** The first `x.y.z` of a text, undefined when there is none. */
export function readVersion(text: string): string | undefined {
  return /\d+\.\d+\.\d+/.exec(text)?.[0];
}

/** Whether version `x.y.z` is `minimum` or newer. */
export function isAtLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}
