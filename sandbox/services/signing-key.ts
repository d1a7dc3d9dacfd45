import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { execa } from "execa";
import { ensureCredentials, writeCredentials } from "./credentials.ts";
import type { SandboxLayout } from "./layout.ts";
import { readIfPresent } from "./process-record.ts";

/**
 * Makes the sandbox's signing key at the first call and puts its public half beside the published
 * repositories, as `trunkline.asc`.
 * @returns The key's fingerprint.
 */
export async function ensureSigningKey(layout: SandboxLayout): Promise<string> {
  const credentials = await ensureCredentials(layout.credentials);
  const fingerprint = credentials.signingKey ?? (await createKey(layout));
  if (credentials.signingKey === undefined) {
    await writeCredentials(layout.credentials, { ...credentials, signingKey: fingerprint });
  }
  await exportPublicKey(layout, fingerprint);
  return fingerprint;
}

/** Ends the agent that gpg leaves behind, which holds the folder open. */
export async function stopKeyAgent({ gnupgHome }: SandboxLayout): Promise<void> {
  // Without a folder gpg never ran, and may not be installed.
  if (!existsSync(gnupgHome)) return;
  await execa("gpgconf", ["--homedir", gnupgHome, "--kill", "gpg-agent"], { cwd: "/" });
}

async function createKey(layout: SandboxLayout): Promise<string> {
  await mkdir(layout.gnupgHome, { recursive: true, mode: 0o700 });
  const user = "trunkline sandbox <trunkline@localhost>";
  const generate = ["--quick-generate-key", user, "rsa4096", "sign", "2y"];
  await gpg(layout, ["--pinentry-mode", "loopback", "--passphrase", "", ...generate]);
  const listing = await gpg(layout, ["--with-colons", "--list-secret-keys"]);
  // https://github.com/gpg/gnupg/blob/master/doc/DETAILS: field 10 of an "fpr" record
  const record = listing.split("\n").find((line) => line.startsWith("fpr:"));
  const fingerprint = record?.split(":")[9];
  if (fingerprint === undefined) throw new Error("gpg lists no fingerprint for the key it made");
  return fingerprint;
}

async function exportPublicKey(layout: SandboxLayout, fingerprint: string): Promise<void> {
  if ((await readIfPresent(layout.publicKey)) !== undefined) return;
  await mkdir(layout.published, { recursive: true });
  await gpg(layout, ["--armor", "--output", layout.publicKey, "--export", fingerprint]);
}

async function gpg(layout: SandboxLayout, command: readonly string[]): Promise<string> {
  const options = { env: { GNUPGHOME: layout.gnupgHome } };
  return (await execa("gpg", ["--batch", "--no-tty", ...command], options)).stdout;
}
