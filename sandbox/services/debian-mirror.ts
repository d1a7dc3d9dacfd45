import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { SandboxError } from "./sandbox-error.ts";

/** Where packages come from, in the form that another Debian release can use too. */
export interface DebianMirror {
  /** Address of the main archive. */
  archive: string;
  /** Address of the security archive, when this machine uses it. */
  security?: string;
  /** The proxy that apt goes through, when it goes through one. */
  proxy?: string;
}

/**
 * The mirror that apt on this machine is configured with.
 * @throws SandboxError `start-failed` when this machine's apt reads no Debian archive.
 */
export async function readDebianMirror(): Promise<DebianMirror> {
  // With this option apt names what it would fetch, and fetches nothing.
  const addresses = await execa("apt-get", ["update", "--print-uris"]);
  const proxy = await execa("apt-config", ["shell", "proxy", "Acquire::http::Proxy"]);
  return {
    ...findMirror(addresses.stdout, await readCodename()),
    proxy: /^proxy='(.+)'$/m.exec(proxy.stdout)?.[1],
  };
}

/** The lines of apt sources for a Debian release from a mirror. */
export function renderSources(mirror: DebianMirror, codename: string): string[] {
  const lines = [
    `deb ${mirror.archive} ${codename} main`,
    `deb ${mirror.archive} ${codename}-updates main`,
  ];
  if (mirror.security !== undefined) {
    lines.push(`deb ${mirror.security} ${codename}-security main`);
  }
  return lines;
}

/**
 * Picks the Debian archives out of all that apt reads: those with the machine's own release.
 * @param addresses What `apt-get update --print-uris` prints.
 * @param codename The release of this machine, such as `bookworm`.
 */
export function findMirror(addresses: string, codename: string): DebianMirror {
  const archives = new Map<string, string>();
  for (const [, uri, suite] of addresses.matchAll(/^'(.+)\/dists\/([^']+)\/InRelease'/gm)) {
    if (uri !== undefined && suite !== undefined) archives.set(suite, uri);
  }
  const archive = archives.get(codename);
  if (archive === undefined) {
    throw new SandboxError(
      "start-failed",
      `sandbox: apt reads no Debian archive for "${codename}" on this machine, so no base image can be made. Add one to /etc/apt/sources.list.d.`,
    );
  }
  return { archive, security: archives.get(`${codename}-security`) };
}

async function readCodename(): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8");
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(release)?.[1] ?? "unknown";
}
