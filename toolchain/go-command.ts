import { chmod, copyFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { findCommand } from "./debian-packages.ts";
import { isAtLeast } from "./installed-version.ts";
import type { ToolchainPaths } from "./paths.ts";
import type { LogFile } from "./step.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** The oldest Go that builds can begin with; that of Debian 12. */
const oldestGo = "1.19";

/** From this version on Go fetches the one that a go.mod wants by itself. */
const oldestThatSwitches = "1.21";

/** The Go that older ones fetch: as new as the newest that a go.mod wants. */
export const fetchedGo = "1.26.5";

/** An installed Go. */
export interface InstalledGo {
  file: string;
  version: string;
}

/**
 * The Go on a `PATH`.
 * @param path Folders to look into.
 * @throws ToolchainError `missing-command` when there is none, or one that is too old.
 */
export async function requireGo(path: string): Promise<InstalledGo> {
  const file = await findCommand("go", path);
  if (file === undefined) throw new ToolchainError("missing-command", `go is not on PATH. ${fix}`);
  const { stdout } = await execa(file, ["version"], { env: { GOTOOLCHAIN: "local" } });
  const version = /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? "of no known version";
  if (isAtLeast(version, oldestGo)) return { file, version };
  throw new ToolchainError("missing-command", `go ${version} in ${file} is too old. ${fix}`);
}

const fix = `Install Go ${oldestGo} or newer (Debian 12 and later: apt-get install golang-go); builds fetch the newer one that they need by it.`;

/** The go program for builds: the installed one when it can switch to a newer, else a fetched one. */
export async function ensureGo(
  go: InstalledGo,
  paths: ToolchainPaths,
  log: LogFile,
): Promise<string> {
  return isAtLeast(go.version, oldestThatSwitches) ? go.file : fetchGo(go.file, paths, log);
}

/**
 * Fetches Go as the module that Go 1.21 and later fetch, checked against Go's checksum database,
 * and does what they do after it: https://go.dev/doc/toolchain#download
 */
async function fetchGo(oldGo: string, paths: ToolchainPaths, log: LogFile): Promise<string> {
  const { stdout } = await execa(oldGo, ["env", "GOHOSTOS", "GOHOSTARCH"]);
  const module = `golang.org/toolchain@v0.0.1-go${fetchedGo}.${stdout.replace("\n", "-")}`;
  const cache = join(paths.root, "go");
  const [folder, bin] = [join(cache, module), join(cache, module, "bin")];
  if ((await findCommand("go", bin)) === undefined) {
    await execa(oldGo, ["mod", "download", "-modcacherw", module], {
      env: { GOMODCACHE: cache, GOFLAGS: "" },
      stdout: log,
      stderr: log,
    });
    await copyFile(join(folder, "src/_go.mod"), join(folder, "src/go.mod"));
    // bin comes last: an executable go there says that the rest is done.
    for (const programs of [...(await toolFolders(folder)), bin]) await makeExecutable(programs);
  }
  return join(bin, "go");
}

async function toolFolders(folder: string): Promise<string[]> {
  const tools = join(folder, "pkg/tool");
  return (await readdir(tools)).map((name) => join(tools, name));
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
}
