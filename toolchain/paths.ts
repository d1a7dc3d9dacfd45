import { delimiter, join, resolve } from "node:path";

/** The folder of the repository that this file belongs to. */
export const repository = resolve(import.meta.dirname, "..");

/** Where set-up keeps what it builds. */
export interface ToolchainPaths {
  root: string;
  /** Executables. */
  bin: string;
  /** The text that each build printed, a file for each tool. */
  logs: string;
  /** Pulumi's plugins, as it lays them out under its home. */
  plugins: string;
  /** Base images' file systems, which take long to make. */
  baseImages: string;
  /** A file for each built tool, holding the fingerprint of what it was built from. */
  stamps: string;
}

/**
 * The folders under `.toolchain`, or under `TRUNKLINE_TOOLCHAIN_DIR` when that is set.
 * @param environment Where the override is read from. Default: the process's own environment.
 */
export function toolchainPaths(environment: NodeJS.ProcessEnv = process.env): ToolchainPaths {
  const root = resolve(repository, environment.TRUNKLINE_TOOLCHAIN_DIR ?? ".toolchain");
  return {
    root,
    bin: join(root, "bin"),
    logs: join(root, "logs"),
    plugins: join(root, "plugins"),
    baseImages: join(root, "base-images"),
    stamps: join(root, "stamps"),
  };
}

/**
 * `PATH` with the built tools and Node.js 24 first. Debian keeps servers in `/usr/sbin`, which is
 * not on an ordinary user's `PATH`, so it comes last.
 */
export function toolchainPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { bin } = toolchainPaths(environment);
  const own = [bin, join(repository, "node_modules/.bin")];
  return [...own, environment.PATH ?? "", "/usr/sbin", "/sbin"].join(delimiter);
}

/** `PATH` without the built tools: one of older pins must not pass for an installed program. */
export function foreignPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { bin } = toolchainPaths(environment);
  const folders = (environment.PATH ?? "").split(delimiter);
  return folders.filter((folder) => resolve(folder) !== bin).join(delimiter);
}
