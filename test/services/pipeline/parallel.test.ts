import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { type ManifestEntry, readManifest } from "../../../pipeline/handoff.ts";
import { sandboxLayout } from "../../../sandbox/services/layout.ts";
import type { RunningSandbox } from "../../../sandbox/services/sandbox.ts";
import { startAptlyProxy } from "../../support/aptly-proxy.ts";
import { buildDebianFile, createJobDirectory } from "../../support/pipeline-job.ts";
import { startForTest, temporaryFolder } from "../sandbox-for-test.ts";

const codenames = ["bookworm", "trixie"];
const jobsPerDistribution = 12;

/** A package of its own for each of many projects, built and ready to upload. */
interface Job {
  readonly codename: string;
  readonly built: ManifestEntry;
  upload(): Promise<{ exitCode: number | undefined; log: string }>;
}

const isRoot = process.getuid?.() === 0;

describe.each([
  ["aptly behind the sandbox's proxy", () => startBehindOwnProxy("aptly")],
  ["aptly-1.6 behind the sandbox's proxy", () => startBehindOwnProxy("aptly-1.6")],
  ["aptly behind AptlyServer's proxy", startBehindComponent],
])("%s", (_name, start) => {
  it("loses nothing when many projects publish at once, and when each replaces its version", async ({
    skip,
  }) => {
    skip(start === startBehindComponent && !isRoot, "this user is not root, as nginx wants");
    const sandbox = await start();
    await Promise.all(codenames.map((codename) => publish(sandbox, codename)));
    await uploadAtOnce(sandbox, "1");
    await uploadAtOnce(sandbox, "2");
  });
});

function startBehindOwnProxy(aptlyCommand: string): Promise<RunningSandbox> {
  return startForTest({ services: ["aptly", "nginx"], aptlyCommand });
}

async function startBehindComponent(): Promise<RunningSandbox> {
  const sandbox = await startForTest({ services: ["aptly"] });
  const { aptlySocket: socket, published } = sandboxLayout(sandbox.directory);
  const { aptlyUsername: username, aptlyPassword: password } = sandbox.credentials;
  const folder = await temporaryFolder();
  const proxy = await startAptlyProxy({ folder, socket, published, username, password });
  onTestFinished(() => proxy.stop());
  return { ...sandbox, env: { ...sandbox.env, APTLY_URL: proxy.api, APT_URL: `${proxy.apt}/` } };
}

/** Every project uploads that version of its package and leaves no other; then it is what is published. */
async function uploadAtOnce(sandbox: RunningSandbox, version: string): Promise<void> {
  const jobs: Job[] = [];
  for (let number = 0; number < codenames.length * jobsPerDistribution; number += 1) {
    const codename = codenames[number % codenames.length] ?? "";
    jobs.push(await prepareJob(sandbox, codename, { number, version }));
  }

  const results = await Promise.all(jobs.map((job) => job.upload()));

  for (const { exitCode, log } of results) expect(exitCode, log).toBe(0);
  expect(results.filter(({ log }) => log.includes("aptly is busy"))).not.toEqual([]);
  for (const codename of codenames) {
    const own = jobs.filter((job) => job.codename === codename).map(({ built }) => built);
    await checkPublished(sandbox, codename, own);
  }
}

async function publish(sandbox: RunningSandbox, codename: string): Promise<void> {
  const name = `infra_${codename}`;
  await call(sandbox, "/repos", { Name: name });
  await call(sandbox, "/publish/trunk", {
    SourceKind: "local",
    Sources: [{ Name: name, Component: "main" }],
    Distribution: codename,
    Architectures: ["amd64"],
    SkipContents: true,
    SkipBz2: true,
    Signing: { Batch: true },
  });
}

/** Tries again while another call has its turn, as aptly's users have to. */
async function call({ env }: RunningSandbox, path: string, body: object): Promise<void> {
  const credentials = `${env.APTLY_USERNAME}:${env.APTLY_PASSWORD}`;
  const headers = {
    Authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
    "Content-Type": "application/json",
  };
  const url = `${env.APTLY_URL}${path}`;
  for (;;) {
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status === 201) return;
    if (answer.status !== 429) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

async function prepareJob(
  { env }: RunningSandbox,
  codename: string,
  { number, version }: { number: number; version: string },
): Promise<Job> {
  const name = `package${number}`;
  const pipeline = debianPackagePipeline({
    package: name,
    targets: [{ codename, image: "none" }],
    tags: [],
    installPrefix: "/usr",
    keepVersions: 1,
    apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
    origin: "a test",
  });
  const directory = await createJobDirectory(pipeline);
  onTestFinished(() => directory.remove());
  const deb = {
    package: name,
    version: `${version}-1~${codename}`,
    architecture: "amd64",
    content: name,
  };
  await buildDebianFile(directory.path, "built.deb", deb);
  await directory.runWithoutCompiler(`compile_on_${codename}`);
  const manifest = await readFile(join(directory.path, "packages/manifest"), "utf8");
  const [built] = readManifest(manifest);
  if (built === undefined) throw new Error("nothing was built");
  const variables = { ...env, CI_JOB_ID: `${number}` };
  return { codename, built, upload: () => directory.run(`upload_on_${codename}`, variables) };
}

/** Reads the publication as apt does: signature, hashes of the indexes, index, packages. */
async function checkPublished(
  { env }: RunningSandbox,
  codename: string,
  expected: readonly ManifestEntry[],
): Promise<void> {
  const root = `${env.APT_URL}trunk`;
  const release = await readSigned(`${root}/dists/${codename}/InRelease`, env.APT_KEY_FILE ?? "");
  const [, sha256 = ""] = /^SHA256:\n((?: .*\n)+)/m.exec(release) ?? [];
  const indexes = sha256
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  expect(indexes.map(([, , path]) => path)).toContain("main/binary-amd64/Packages");
  for (const [sum, , path] of indexes) {
    expect(hash(await download(`${root}/dists/${codename}/${path}`)), path).toBe(sum);
  }
  const index = await download(`${root}/dists/${codename}/main/binary-amd64/Packages`);
  const entries = index.toString().trim().split("\n\n").map(readEntry);
  const listed = entries.map(({ Package, SHA256 }) => `${Package} ${SHA256}`).sort();
  expect(listed).toEqual(expected.map((each) => `${each.package} ${each.sha256}`).sort());
  for (const { Filename, SHA256 } of entries) {
    expect(hash(await download(`${root}/${Filename}`)), Filename).toBe(SHA256);
  }
}

async function readSigned(url: string, key: string): Promise<string> {
  const folder = await temporaryFolder();
  const [file, keyring] = [join(folder, "InRelease"), join(folder, "key.gpg")];
  await writeFile(file, await download(url));
  await execa("gpg", ["--batch", "--dearmor", "--output", keyring, key]);
  const { stdout } = await execa("gpgv", ["--keyring", keyring, "--output", "-", file]);
  return `${stdout}\n`;
}

function readEntry(text: string): Record<string, string> {
  return Object.fromEntries(text.split("\n").map((line) => line.split(": ", 2)));
}

async function download(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.status, url).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
