import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AptlyScene, findAptlyBinaries, startAptly } from "./aptly-scene.ts";
import { GitLabScene } from "./gitlab-scene.ts";

/** A GitLab in this process and a real aptly: requests to both are counted and can be met with faults. */
export interface Servers {
  readonly gitlab: GitLabScene;
  readonly aptly: AptlyScene;
  /** What connects a stack to them. */
  readonly environment: Record<string, string>;
  /** The public key that aptly signs with, as `gpgv --keyring` reads it. */
  readonly keyring: string;
  stop(): Promise<void>;
}

export interface ServersArgs {
  /** GitLab keeps no deleted group for some days. Default: false, as GitLab 18 is. */
  readonly deletesAtOnce?: boolean;
  /** GitLab's present moment. Default: the machine's clock. */
  readonly clock?: () => Date;
}

/** Starts both on free ports, with their data in temporary folders. */
export async function startServers(args: ServersArgs = {}): Promise<Servers> {
  const { deletesAtOnce = false, clock } = args;
  const [binary] = findAptlyBinaries();
  if (!binary) throw new Error("no aptly is installed: node toolchain/setup.ts test");
  const folder = await mkdtemp(join(tmpdir(), "trunkline-keys-"));
  const cleanups = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const gitlab = await GitLabScene.start({ deletesAtOnce, ...(clock && { clock }) });
    cleanups.push(() => gitlab.stop());
    const aptly = await startAptly(binary);
    cleanups.push(() => aptly.stop());
    const keyring = join(folder, "trunkline.gpg");
    const armoured = join(folder, "trunkline.asc");
    await writeFile(keyring, exportKey(aptly));
    await writeFile(armoured, exportKey(aptly, "--armor"));
    const { url, username, password } = aptly.front.configuration;
    const environment = {
      GITLAB_BASE_URL: gitlab.baseUrl,
      GITLAB_TOKEN: gitlab.sandbox.rootToken,
      APTLY_URL: url,
      APTLY_USERNAME: username,
      APTLY_PASSWORD: password,
      APT_URL: "https://apt.example.com/",
      APT_KEY_FILE: armoured,
    };
    return { gitlab, aptly, environment, keyring, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function exportKey({ key, keyring }: AptlyScene, ...form: string[]): Buffer {
  const env = { ...process.env, GNUPGHOME: keyring };
  return execFileSync("gpg", ["--batch", ...form, "--export", key], { env, stdio: "pipe" });
}
