import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readHostScript } from "../../aptly-server/host-script.ts";
import { type AptlyProxy, startAptlyProxy } from "../support/aptly-proxy.ts";

const password = "it's a $ecret";
const isRoot = process.getuid?.() === 0;

let folder: string;
let data: string;
let keys: string;
let socket: string;
let proxy: AptlyProxy;
let server: ResultPromise;

beforeAll(async () => {
  if (!isRoot) return;
  folder = await mkdtemp(join(tmpdir(), "trunkline-aptly-"));
  [data, keys] = [join(folder, "data"), join(folder, "keys")];
  socket = join(folder, "api.sock");
  await chmod(folder, 0o755);
  await startServer();
  const published = join(data, "public");
  const args = { folder, socket, published, username: "ci", password, tls: true };
  proxy = await startAptlyProxy(args);
});
afterAll(async () => {
  if (!isRoot) return;
  await proxy?.stop();
  await stopServer();
  await execa("gpgconf", ["--homedir", keys, "--kill", "gpg-agent"], { cwd: "/" });
  await rm(folder, { recursive: true, force: true });
});

async function startServer() {
  const script = ["-c", readHostScript("aptly-server"), "aptly-server"];
  const words = [data, keys, socket, "test <apt@example.com>", "rsa4096", "5y"];
  const output = { file: join(folder, "log") };
  server = execa("sh", [...script, ...words], { stdout: output, stderr: output, reject: false });
  await answering("http://aptly/api/version", ["--unix-socket", socket]);
}

async function stopServer() {
  server?.kill();
  await server;
}

/** Waits until an address gives what it has; aptly needs a moment, and its key some seconds. */
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
  return curl(["--user", `ci:${password}`, "--request", method, ...sent, `${proxy.api}${path}`]);
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
    expect(await statusOf([`${proxy.api}/version`])).toBe("401");
    expect(await statusOf(["--user", "ci:wrong", `${proxy.api}/version`])).toBe("401");
    expect(await statusOf(["--user", `ci:${password}`, `${proxy.api}/version`])).toBe("200");
  });

  test("keeps the password's hash only, for root alone", async () => {
    expect(await readFile(proxy.htpasswd, "utf8")).toMatch(/^ci:\$6\$\S+\n$/);
    const { stdout } = await execa("stat", ["-c", "%a", proxy.htpasswd]);
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
      curl([`${proxy.apt}/trunk/dists/bookworm/InRelease`]),
      curl([`${proxy.apt}/trunkline.asc`]),
    ]);
    const keyring = join(folder, "client.gpg");
    await execa("gpg", ["--batch", "--dearmor", "--output", keyring], { input: key });
    await execa("gpgv", ["--keyring", keyring, "-"], { input: release });
    // Fields 3 and 4 of a "sec" record: bits, and 1 for RSA.
    expect(await secretKeys()).toMatch(/^sec:u:4096:1:/m);
  });

  test("serves no secret among the published files", async () => {
    expect(await statusOf([`${proxy.apt}/../keys/`])).toMatch(/^40[04]$/);
    expect(await statusOf([`${proxy.apt}/aptly.conf`])).toBe("404");
  });

  test("has the same key after a restart", async () => {
    const before = await secretKeys();
    await stopServer();
    await startServer();
    expect(await secretKeys()).toBe(before);
    expect(await call("GET", "/repos")).toContain('"infra"');
  });
});
