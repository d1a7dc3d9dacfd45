import "../../toolchain/settled-environment.ts";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ExecaError, execa } from "execa";
import { findFreePorts, portVariable, type SandboxPorts } from "../../sandbox/services/ports.ts";
import { repository } from "../../toolchain/paths.ts";
import { readDocumentedPackages } from "./documented-packages.ts";
import { EmptyDebian } from "./empty-debian.ts";

const quick = [
  "make check",
  // The quickest of the tools: it proves that Go fetches the version which builds need.
  "node_modules/.bin/node toolchain/setup.ts run pulumi-language-nodejs",
];
const full = ["make up", "make test"];

/** What this machine trusts beyond Debian's certificates, a company's proxy for one. */
const trusted = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Runs commands in a clone of the last commit, on an empty Debian that has the packages which
 * README.md names.
 */
async function tryOn(codename: string, commands: readonly string[]): Promise<void> {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "trunkline-fresh-"));
  try {
    const variables = { ...(await portVariables()), NODE_EXTRA_CA_CERTS: trusted };
    const debian = await EmptyDebian.create(codename, folder, variables);
    const packages = readDocumentedPackages("README.md").join(" ");
    await debian.run("apt-get update");
    await debian.run(`apt-get install --yes --no-install-recommends ${packages}`);
    await copyFile(trusted, join(debian.root, trusted));
    const clone = join(debian.root, "trunkline");
    await execa("git", ["clone", "--quiet", "--depth=1", `file://${repository}`, clone]);
    for (const command of commands) {
      process.stdout.write(`\n${codename}# ${command}\n`);
      await debian.run(`cd /trunkline; ${command}`);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`\nfresh: ${codename}: every command passed, in ${seconds} s\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** It shares this machine's network, where the sandbox's usual ports may be taken. */
async function portVariables(): Promise<Record<string, string>> {
  const ports = Object.entries(await findFreePorts()) as [keyof SandboxPorts, number][];
  return Object.fromEntries(ports.map(([name, port]) => [portVariable(name), String(port)]));
}

const options = { full: { type: "boolean", default: false } } as const;
const { positionals, values } = parseArgs({ options, allowPositionals: true });
const [codename = "trixie", ...commands] = positionals;
if (process.getuid?.() !== 0) {
  process.stderr.write("fresh: only root can make a Debian in a folder. Run it as root.\n");
  process.exit(1);
}
try {
  await tryOn(codename, commands.length > 0 ? commands : values.full ? full : quick);
} catch (error) {
  // The commands print for themselves what went wrong.
  if (!(error instanceof ExecaError)) throw error;
  process.stderr.write(`fresh: ${codename}: a command failed as it says above\n`);
  process.exitCode = 1;
}
