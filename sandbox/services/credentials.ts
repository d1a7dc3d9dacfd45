import { createHash, randomBytes } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readIfPresent } from "./process-record.ts";

/** What opens the services of one sandbox. */
export interface Credentials {
  /** Token of GitLab's administrator. */
  gitlabToken: string;
  aptlyUsername: string;
  aptlyPassword: string;
  /** Fingerprint of the key that signs the published repositories, once there is one. */
  signingKey?: string;
}

/** The credentials kept in a file readable by its owner alone; made at random at first. */
export async function ensureCredentials(file: string): Promise<Credentials> {
  const kept = await readCredentials(file);
  if (kept !== undefined) return kept;
  const made: Credentials = {
    gitlabToken: `glpat-${randomBytes(15).toString("base64url")}`,
    aptlyUsername: "trunkline",
    aptlyPassword: randomBytes(24).toString("base64url"),
  };
  await writeCredentials(file, made);
  return made;
}

/** The credentials kept in a file, undefined when there is none. */
export async function readCredentials(file: string): Promise<Credentials | undefined> {
  const text = await readIfPresent(file);
  return text === undefined ? undefined : (JSON.parse(text) as Credentials);
}

/** Keeps credentials; a reader sees the old file or the new one, never a part. */
export async function writeCredentials(file: string, credentials: Credentials): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/**
 * A password file of one line for nginx's `auth_basic_user_file`, in its `{SSHA}` form.
 * https://nginx.org/en/docs/http/ngx_http_auth_basic_module.html
 */
export function renderPasswordFile({ aptlyUsername, aptlyPassword }: Credentials): string {
  const salt = randomBytes(8);
  const digest = createHash("sha1").update(aptlyPassword).update(salt).digest();
  return `${aptlyUsername}:{SSHA}${Buffer.concat([digest, salt]).toString("base64")}\n`;
}
