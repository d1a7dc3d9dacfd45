import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readHostScript } from "../../components/host-script.ts";
import { renderAptlyProxy } from "../../rules/aptly-server.ts";
import { findFreePorts } from "../../sandbox/services/ports.ts";

const password = "it's a $ecret";
const isRoot = process.getuid?.() === 0;

let folder: string;
let data: string;
let keys: string;
let api: string;
let apt: string;
const running: ResultPromise[] = [];

beforeAll(async () => {
  if (!isRoot) return;
  folder = await mkdtemp(join(tmpdir(), "trunkline-aptly-"));
  await chmod(folder, 0o755);
  [data, keys] = [join(folder, "data"), join(folder, "keys")];
  const ports = await findFreePorts();
  api = `https://127.0.0.1:${ports.aptly}/api`;
  apt = `http://127.0.0.1:${ports.apt}`;
  startAptly();
  await startProxy(ports.aptly, ports.apt);
  await answering(`${apt}/trunkline.asc`);
  await answering(`${api}/version`, ["--user", `ci:${password}`]);
});
afterAll(async () => {
  if (!isRoot) return;
  await stopAll();
  await execa("gpgconf", ["--homedir", keys, "--kill", "gpg-agent"], { cwd: "/" });
  await rm(folder, { recursive: true, force: true });
});

function startAptly() {
  const socket = join(folder, "api.sock");
  const words = [data, keys, socket, "test <apt@example.com>", "rsa4096", "5y"];
  start("aptly-server", words);
}

async function startProxy(apiPort: number, aptPort: number) {
  const secrets = join(folder, "secrets");
  const paths = {
    socket: join(folder, "api.sock"),
    published: join(data, "public"),
    secrets,
    certificate: join(folder, "tls.crt"),
    certificateKey: join(folder, "tls.key"),
  };
  const made = ["-keyout", paths.certificateKey, "-out", paths.certificate];
  const request = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost"];
  await execa("openssl", [...request, ...made]);
  const configuration = join(folder, "nginx.conf");
  await writeFile(configuration, renderAptlyProxy({ paths, apiPort, aptPort, tls: true }));
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  await mkdir(secrets, { mode: 0o700 });
  start("aptly-proxy", ["ci", passwordFile, secrets, configuration]);
}

function start(script: "aptly-server" | "aptly-proxy", words: readonly string[]) {
  const log = join(folder, `${script}.log`);
  running.push(
    execa("sh", ["-c", readHostScript(script), script, ...words], {
      all: true,
      stdout: { file: log },
      stderr: { file: log },
      reject: false,
    }),
  );
}

async function stopAll() {
  for (const child of running) child.kill();
  await Promise.all(running.splice(0));
}

/** Waits until an address gives what it has; the services need a moment, and the key some seconds. */
async function answering(url: string, words: readonly string[] = []) {
  const patience = ["--retry", "120", "--retry-delay", "1", "--retry-all-errors"];
  await curl([...patience, ...words, url]);
}

async function curl(words: readonly string[]): Promise<string> {
  const always = ["--insecure", "--silent", "--show-error", "--fail"];
  return (await execa("curl", [...always, ...words])).stdout;
}

function call(method: string, path: string, body?: object) {
  const sent = body ? ["--json", JSON.stringify(body)] : [];
  return curl(["--user", `ci:${password}`, "--request", method, ...sent, `${api}${path}`]);
}

async function statusOf(words: readonly string[]): Promise<string> {
  const format = ["--output", "/dev/null", "--write-out", "%{http_code}"];
  return (await execa("curl", ["--insecure", "--silent", ...format, ...words])).stdout;
}

async function secretKeys(): Promise<string> {
  const words = ["--homedir", keys, "--batch", "--with-colons", "--list-secret-keys"];
  return (await execa("gpg", words)).stdout;
}

describe("aptly behind its proxy", () => {
  beforeEach(({ skip }) => skip(!isRoot, "this user is not root, as nginx wants"));

  test("answers nobody without the password", async () => {
    expect(await statusOf([`${api}/version`])).toBe("401");
    expect(await statusOf(["--user", "ci:wrong", `${api}/version`])).toBe("401");
    expect(await statusOf(["--user", `ci:${password}`, `${api}/version`])).toBe("200");
  });

  test("keeps the password's hash only, for root alone", async () => {
    expect(await readFile(join(folder, "secrets/htpasswd"), "utf8")).toMatch(/^ci:\$6\$\S+\n$/);
    const { stdout } = await execa("stat", ["-c", "%a", join(folder, "secrets/htpasswd")]);
    expect(stdout).toBe("600");
  });

  test("publishes what its strong key has signed", async () => {
    await call("POST", "/repos", { Name: "infra", DefaultDistribution: "bookworm" });
    await call("POST", "/publish/trunk", {
      SourceKind: "local",
      Sources: [{ Name: "infra" }],
      Architectures: ["amd64"],
      Signing: { Batch: true },
    });
    const [release, key] = await Promise.all([
      curl([`${apt}/trunk/dists/bookworm/InRelease`]),
      curl([`${apt}/trunkline.asc`]),
    ]);
    const keyring = join(folder, "client.gpg");
    await execa("gpg", ["--batch", "--dearmor", "--output", keyring], { input: key });
    await execa("gpgv", ["--keyring", keyring, "-"], { input: release });
    // Fields 3 and 4 of a "sec" record: bits, and 1 for RSA.
    expect(await secretKeys()).toMatch(/^sec:u:4096:1:/m);
  });

  test("serves no secret among the published files", async () => {
    expect(await statusOf([`${apt}/../keys/`])).toMatch(/^40[04]$/);
    expect(await statusOf([`${apt}/aptly.conf`])).toBe("404");
  });

  test("has the same key after a restart", async () => {
    const before = await secretKeys();
    await stopAll();
    startAptly();
    const socket = ["--unix-socket", join(folder, "api.sock")];
    await answering("http://aptly/api/version", socket);
    expect(await secretKeys()).toBe(before);
    expect(await curl([...socket, "http://aptly/api/repos"])).toContain('"infra"');
  });
});
