import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { toolchainPath } from "./paths.ts";
import type { Step } from "./step.ts";
import { ToolchainError } from "./toolchain-error.ts";
import { type Purpose, provides } from "./tools.ts";

/** A Debian package and the command whose presence makes it unnecessary. */
interface DebianPackage {
  name: string;
  command: string;
  /** What it is there for. Default: `run`. */
  purpose?: Purpose;
}

const debianPackages: readonly DebianPackage[] = [
  { name: "aptly", command: "aptly" },
  { name: "ca-certificates", command: "update-ca-certificates" },
  { name: "ccache", command: "ccache", purpose: "test" },
  { name: "cmake", command: "cmake", purpose: "test" },
  { name: "curl", command: "curl" },
  { name: "debhelper", command: "dh", purpose: "test" },
  { name: "docker-registry", command: "docker-registry" },
  { name: "docker.io", command: "dockerd" },
  { name: "g++", command: "c++", purpose: "test" },
  { name: "git", command: "git" },
  { name: "gnupg", command: "gpg" },
  { name: "gpgv", command: "gpgv" },
  { name: "jq", command: "jq" },
  { name: "meson", command: "meson", purpose: "test" },
  { name: "mmdebstrap", command: "mmdebstrap" },
  { name: "nginx-light", command: "nginx" },
  { name: "ninja-build", command: "ninja", purpose: "test" },
  { name: "openssl", command: "openssl" },
  { name: "rsync", command: "rsync" },
  { name: "ruby", command: "ruby", purpose: "test" },
  { name: "runc", command: "runc" },
  { name: "shellcheck", command: "shellcheck", purpose: "test" },
  { name: "unzip", command: "unzip" },
];

/** The full path of a command on a `PATH`, undefined when it is on none of its folders. */
export async function findCommand(command: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== "")) {
    const candidate = join(folder, command);
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The names of the Debian packages that a purpose needs and whose commands are on no folder of `path`. */
export async function findMissingPackages(
  wanted: Purpose,
  path: string = toolchainPath(),
): Promise<string[]> {
  const needed = debianPackages.filter(({ purpose = "run" }) => provides(wanted, purpose));
  const found = await Promise.all(needed.map(({ command }) => findCommand(command, path)));
  return needed.filter((_, index) => found[index] === undefined).map(({ name }) => name);
}

/**
 * Installs Debian packages as root.
 * @throws ToolchainError `missing-packages` naming the command to run, when not root.
 */
export async function installPackages(names: readonly string[], step: Step): Promise<void> {
  const command = ["apt-get", "install", "--yes", "--no-install-recommends", ...names];
  if (process.getuid?.() !== 0) {
    step.missing();
    throw new ToolchainError(
      "missing-packages",
      `toolchain: Debian packages are missing: ${names.join(", ")}. Run: sudo ${command.join(" ")}`,
    );
  }
  await step.run("debian-packages", async (log) => {
    const options = { stdout: log, stderr: log, env: { DEBIAN_FRONTEND: "noninteractive" } };
    await execa("apt-get", ["update"], options);
    await execa("apt-get", command.slice(1), options);
  });
}
