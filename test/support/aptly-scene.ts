import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { aptly } from "../../plugins/aptly/plugin.ts";
import type { Values } from "../../plugins/kit/wire.ts";
import { toolchainPath } from "../../toolchain/paths.ts";
import { type AptlyFront, startFront } from "./aptly-front.ts";
import { MiniEngine } from "./mini-engine.ts";

export interface AptlyBinary {
  readonly path: string;
  readonly version: string;
}

/** A real aptly on a throw-away root, behind a front that asks for a password and counts requests. */
export interface AptlyScene {
  readonly engine: MiniEngine;
  readonly front: AptlyFront;
  /** What the plugin is configured with. */
  readonly configuration: Values;
  /** Fingerprint of the key it signs with. */
  readonly key: string;
  /** GNUPGHOME of that key. */
  readonly keyring: string;
  /** The published tree. */
  readonly published: string;
  /** What is published to its endpoint `filesystem:disk`. */
  readonly disk: string;
  /** A call past the plugin; the answer's body, `undefined` for 404. */
  raw<T = unknown>(method: string, path: string, body?: object): Promise<T | undefined>;
  /** Builds a package of that file name, `<name>_<version>_<architecture>.deb`, and adds it to a local repository. */
  upload(repository: string, file: string): Promise<void>;
  /** Stops aptly and starts it again on the same root: its tasks are forgotten. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The aptly programs to test with: TRUNKLINE_APTLY_BINARIES (a list like PATH), or the installed and the built one. */
export function findAptlyBinaries(): AptlyBinary[] {
  const { TRUNKLINE_APTLY_BINARIES: given } = process.env;
  const paths = given
    ? given.split(delimiter)
    : ["aptly", "aptly-1.6"].flatMap((name) => findOnPath(name) ?? []);
  return paths.map((path) => {
    const words = execFileSync(path, ["version"], { encoding: "utf8" }).trim();
    return { path, version: words.replace("aptly version: ", "") };
  });
}

function findOnPath(name: string): string | undefined {
  const folders = toolchainPath().split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export async function startAptly(binary: AptlyBinary): Promise<AptlyScene> {
  const root = await mkdtemp(join(tmpdir(), "aptly-"));
  const keyring = join(root, "gnupg");
  const gpg = { GNUPGHOME: keyring };
  const socket = join(root, "api.sock");
  const config = join(root, "aptly.conf");
  const cleanups: (() => Promise<unknown>)[] = [() => rm(root, { recursive: true, force: true })];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    await mkdir(keyring, { mode: 0o700 });
    cleanups.push(async () => gpgconf(gpg));
    const key = createKey(gpg);
    await writeFile(
      config,
      JSON.stringify({
        rootDir: root,
        FileSystemPublishEndpoints: { disk: { rootDir: join(root, "disk"), linkMethod: "copy" } },
      }),
    );
    const start = () => startServer(binary.path, config, socket, gpg);
    let server = await start();
    cleanups.push(() => server.stop());
    const front = await startFront(socket);
    cleanups.push(() => front.stop());
    const configuration = { ...front.configuration, retries: 1 };
    return {
      engine: await MiniEngine.start(aptly, configuration),
      front,
      configuration,
      key,
      keyring,
      published: join(root, "public"),
      disk: join(root, "disk"),
      raw: (method, path, body) => front.raw(method, path, body),
      async upload(repository, file) {
        await buildPackage(join(root, "upload", "incoming"), file);
        await front.raw("POST", `/repos/${repository}/file/incoming`);
      },
      async restart() {
        await server.stop();
        server = await start();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a key for a user who has none, and gives its fingerprint. */
export function createKey(
  gpg: { readonly GNUPGHOME: string },
  user = "trunkline test",
  passphrase = "",
): string {
  const env = { ...process.env, ...gpg };
  const quiet = ["--batch", "--quiet", "--no-tty"];
  const unlock = ["--pinentry-mode", "loopback", "--passphrase", passphrase];
  const how = ["--quick-generate-key", user, "rsa2048", "sign", "never"];
  execFileSync("gpg", [...quiet, ...unlock, ...how], { env, stdio: "pipe" });
  const list = ["--list-keys", "--with-colons", user];
  const rows = execFileSync("gpg", [...quiet, ...list], { env, encoding: "utf8", stdio: "pipe" });
  const [, key] = /^fpr:+([0-9A-F]{40}):/m.exec(rows) ?? [];
  if (!key) throw new Error(`no key in ${rows}`);
  return key;
}

/** An empty package, made by dpkg-deb. */
async function buildPackage(folder: string, file: string): Promise<void> {
  const [name, version, architecture] = file.replace(/\.deb$/, "").split("_");
  const tree = join(folder, "tree");
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  const control = { Package: name, Version: version, Architecture: architecture };
  const fields = { ...control, Maintainer: "nobody <nobody@example.invalid>", Description: "none" };
  const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`);
  await writeFile(join(tree, "DEBIAN", "control"), lines.join(""));
  execFileSync("dpkg-deb", ["--build", "--root-owner-group", tree, join(folder, file)]);
  await rm(tree, { recursive: true });
}

function gpgconf(gpg: { readonly GNUPGHOME: string }): void {
  execFileSync("gpgconf", ["--kill", "all"], { env: { ...process.env, ...gpg } });
}

async function startServer(
  program: string,
  config: string,
  socket: string,
  gpg: { readonly GNUPGHOME: string },
) {
  await rm(socket, { force: true });
  const child = spawn(program, [`-config=${config}`, "api", "serve", `-listen=unix://${socket}`], {
    env: { ...process.env, ...gpg },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`${program} did not start:\n${log}`);
    await sleep(20);
  }
  return {
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
