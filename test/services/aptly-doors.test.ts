import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findFreePorts } from "../../sandbox/services/ports.ts";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { repository, toolchainPath } from "../../toolchain/paths.ts";
import { buildDebianFile } from "../support/pipeline-job.ts";

/** The way that docs/aptly-server.md shows from an aptly without a password, with its configuration. */

const isRoot = process.getuid?.() === 0;
const cleanups = new AsyncDisposableStack();
const held: ServerResponse[] = [];
const slow = createServer((_, answer) => void held.push(answer));
let folder: string;
let aptlySocket: string;

beforeAll(async () => {
  if (!isRoot) return;
  folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(folder, { recursive: true, force: true }));
  await once(slow.listen(join(folder, "slow.sock")), "listening");
  cleanups.defer(() => void slow.close());
  const sandbox = await startSandbox({ directory: folder, ports: "free", services: ["aptly"] });
  cleanups.defer(() => sandbox.stop());
  aptlySocket = join(folder, "aptly/api.sock");
});
afterAll(() => cleanups.disposeAsync());
beforeEach(({ skip }) => skip(!isRoot, "this user is not root, as nginx wants"));
afterEach(() => {
  for (const answer of held.splice(0)) answer.end();
});

interface Doors {
  readonly old: string;
  readonly api: string;
  /** What the old door's log says. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts nginx with the documented doors before an aptly; ends it by {@link Doors.stop}. */
async function openDoors(socket: string, { closed = false } = {}): Promise<Doors> {
  const place = await mkdtemp(join(folder, "nginx-"));
  const { aptly: newPort, apt: oldPort } = await findFreePorts();
  const text = await readFile(join(repository, "docs/aptly-server.md"), "utf8");
  const [newDoor = "", oldDoor = "", closedDoor = ""] = [
    ...text.matchAll(/^```nginx\n(.*?)^```$/gms),
  ].map(([, block = ""]) => block);
  const documented = `${newDoor}${closed ? closedDoor : oldDoor}`
    .replaceAll("/etc/nginx/", `${place}/`)
    .replaceAll("/var/log/nginx/", `${place}/`)
    .replace("/run/aptly/api.sock", socket)
    .replace("listen 8443", `listen 127.0.0.1:${newPort}`)
    .replace("listen 8083", `listen 127.0.0.1:${oldPort}`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${place}/${name};`,
  );
  const frame = `user root;\npid ${place}/pid;\nevents {}\nhttp {\naccess_log off;\n`;
  await writeFile(join(place, "nginx.conf"), `${frame}${temporary.join("\n")}\n${documented}}\n`);
  const hash = await execa("openssl", ["passwd", "-6", "secret"]);
  await writeFile(join(place, "aptly.htpasswd"), `ci:${hash.stdout}\n`);
  const request = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost"];
  const files = ["-keyout", join(place, "aptly.key"), "-out", join(place, "aptly.crt")];
  await execa("openssl", [...request, ...files]);
  const words = ["-e", join(place, "error.log"), "-c", join(place, "nginx.conf")];
  const nginx = execa("nginx", [...words, "-g", "daemon off;"], {
    env: { PATH: toolchainPath() },
    reject: false,
  });
  const stop = async () => {
    nginx.kill();
    await nginx;
  };
  cleanups.defer(stop);
  const api = `https://127.0.0.1:${newPort}/api`;
  await expect.poll(() => statusOf([`${api}/version`]), { timeout: 20_000 }).toBe("401");
  const log = () => readFile(join(place, "aptly-old-door.log"), "utf8");
  return { old: `http://127.0.0.1:${oldPort}/api`, api, log, stop };
}

async function statusOf(words: readonly string[]): Promise<string> {
  const options = [
    "--insecure",
    "--silent",
    "--output",
    "/dev/null",
    "--write-out",
    "%{http_code}",
  ];
  return (await execa("curl", [...options, ...words], { reject: false })).stdout;
}

const user = ["--user", "ci:secret"];

async function prepare(socket: string): Promise<void> {
  const ask = (path: string, body: object) => {
    const words = ["--fail", "--silent", "--unix-socket", socket, "--json", JSON.stringify(body)];
    return execa("curl", [...words, `http://aptly/api/${path}`]);
  };
  await ask("repos", { Name: "infra_bionic", DefaultDistribution: "bionic" });
  const Sources = [{ Name: "infra_bionic" }];
  const Signing = { Batch: true };
  const Architectures = ["amd64"];
  await ask("publish/trunk", { SourceKind: "local", Sources, Signing, Architectures });
}

test("uploads without a password go on through the old door, and its log tells whose they are", async () => {
  await prepare(aptlySocket);
  const { old, api, log, stop } = await openDoors(aptlySocket);
  const file = "ying_1.0_amd64.deb";
  const deb = { package: "ying", version: "1.0", architecture: "amd64", content: "a" };
  await mkdir(join(folder, "job"));
  await buildDebianFile(join(folder, "job"), file, deb);
  const upload = [
    `curl -X POST -F file=@\`ls build/*.deb\` ${old}/files/ying_bionic`,
    `curl -X POST ${old}/repos/infra_bionic/file/ying_bionic`,
    `curl -X PUT ${old}/publish/trunk/bionic`,
  ];
  await execa("sh", ["-ec", upload.join("\n")], { cwd: join(folder, "job") });
  const index = join(folder, "aptly/public/trunk/dists/bionic/main/binary-amd64/Packages");
  expect(await readFile(index, "utf8")).toContain("Package: ying\n");
  expect(await log()).toMatch(
    /^127\.0\.0\.1 \S+ 200 "PUT \/api\/publish\/trunk\/bionic HTTP\/1\.1" "curl\//m,
  );
  expect(await statusOf([`${api}/repos`])).toBe("401");
  expect(await statusOf([...user, `${api}/repos`])).toBe("200");
  await stop();
});

test("calls through the new door wait for those of the old one, which are never refused", async () => {
  const { old, api, stop } = await openDoors(join(folder, "slow.sock"));
  const write = ["--request", "PUT", "--max-time", "20"];
  const first = statusOf([...write, `${old}/publish/trunk/bionic`]);
  await expect.poll(() => held.length).toBe(1);
  expect(await statusOf([...user, ...write, `${api}/publish/trunk/bionic`])).toBe("429");
  const second = statusOf([...write, `${old}/publish/trunk/xenial`]);
  await expect.poll(() => held.length).toBe(2);
  for (const answer of held.splice(0)) answer.end();
  expect(await Promise.all([first, second])).toEqual(["200", "200"]);
  await stop();
});

test("a bare curl fails at the closed door, which still tells who knocked", async () => {
  const { old, log, stop } = await openDoors(aptlySocket, { closed: true });
  const { exitCode } = await execa("curl", ["-X", "PUT", `${old}/publish/trunk/bionic`], {
    reject: false,
  });
  expect(exitCode).toBe(52);
  expect(await log()).toContain('444 "PUT /api/publish/trunk/bionic HTTP/1.1"');
  await stop();
});
