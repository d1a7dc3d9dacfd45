import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { AptMirror, type AptMirrorArgs } from "../../components/apt-mirror.ts";
import { readDebianMirror } from "../../sandbox/services/debian-mirror.ts";
import type { AptlyScene } from "../support/aptly-scene.ts";
import { serveFiles } from "../support/file-server.ts";
import { type Scene, sceneForTest } from "./scene.ts";

let wanted: Omit<AptMirrorArgs, "prefix">;
let scene: Scene;

const program = async () => {
  new AptMirror("upstream", { ...wanted, prefix: "mirrors/upstream" });
};

beforeEach(async () => {
  scene = await sceneForTest({ program });
  const { aptly } = scene.servers;
  const files = ["ying_1.0_amd64.deb", "noise_1.0_amd64.deb", "old_1_amd64.deb"];
  await publishUpstream(aptly, "spring", files);
  const archive = await serveFiles(aptly.published);
  onTestFinished(() => archive.stop());
  wanted = {
    url: `${archive.url}/trunk`,
    suites: ["bookworm"],
    filter: "!Name (noise)",
    keyrings: [await writeKeyring(aptly)],
    snapshots: ["2026-05"],
  };
});

test("an archive is copied by filter, and what its next snapshot changes is shown before it is published", async () => {
  const { servers, stack } = scene;
  const { aptly } = servers;
  await up();
  expect(await published(aptly)).toEqual(["old 1", "ying 1.0"]);

  const files = ["ying_1.0_amd64.deb", "ying_1.10_amd64.deb", "hook_2_amd64.deb"];
  await publishUpstream(aptly, "autumn", [...files, "noise_2_amd64.deb"]);
  wanted = { ...wanted, snapshots: ["2026-05", "2026-11"], published: "2026-05" };
  const taken = await up();
  expect(taken.steps).not.toHaveProperty("Publication upstream-bookworm");
  expect(await published(aptly)).toEqual(["old 1", "ying 1.0"]);

  wanted = { ...wanted, published: undefined };
  const { text, steps } = await stack.preview();
  expect(Object.keys(steps)).toEqual(["Publication upstream-bookworm"]);
  const lines = text.split("\n").map((line) => line.trim());
  const words = lines.filter((line) => /^[-+~] \w+ \(/.test(line));
  expect([...new Set(words)].sort(), text).toEqual([
    "+ hook (amd64) 2",
    "+ ying (amd64) 1.10",
    "- old (amd64) 1",
    "~ ying (amd64) 1.0, with other content",
  ]);
  expect(text).toContain("2 added, 1 removed, 1 changed");
  await up();
  expect(await published(aptly)).toEqual(["hook 2", "ying 1.0", "ying 1.10"]);

  wanted = { ...wanted, published: "2026-05" };
  await up();
  expect(await published(aptly)).toEqual(["old 1", "ying 1.0"]);
});

test("its snapshots stay when it is copied by another filter, and go when they leave the list", async () => {
  const { servers, stack } = scene;
  const { aptly } = servers;
  await up();
  wanted = { ...wanted, filter: "ying", snapshots: ["2026-05", "2026-11"] };
  const applied = await up();
  expect(applied.steps).not.toHaveProperty("Snapshot upstream-bookworm-2026-05");
  expect(await published(aptly)).toEqual(["ying 1.0"]);
  wanted = { ...wanted, snapshots: ["2026-11"] };
  expect((await up()).steps).toEqual({ "Snapshot upstream-bookworm-2026-05": "delete" });
  expect(await stack.preview()).toMatchObject({ succeeded: true, steps: {} });
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
  expect(await aptly.raw("GET", "/mirrors")).toEqual([]);
});

test("a suite of Debian's own is copied by filter and published", async ({ skip }) => {
  const { security, proxy } = await readDebianMirror();
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  if (security === undefined || proxy !== undefined || !existsSync(keyring)) {
    return skip("apt on this machine reads no Debian security archive without a proxy");
  }
  const suite = "bookworm-security";
  const one = { suites: [suite], components: ["main"], filter: "openssl", withDependencies: false };
  wanted = { url: security, ...one, keyrings: [keyring], snapshots: ["2026-11"] };
  await up();
  const names = (await published(scene.servers.aptly, suite)).map((each) => each.split(" ")[0]);
  expect([...new Set(names)]).toEqual(["openssl"]);
});

async function up() {
  const applied = await scene.stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  return applied;
}

/** Publishes these packages as the archive that is copied, in place of what it had. */
async function publishUpstream(aptly: AptlyScene, repository: string, files: string[]) {
  await aptly.raw("POST", "/repos", { Name: repository });
  for (const file of files) await aptly.upload(repository, file);
  const there = await aptly.raw<object[]>("GET", "/publish");
  if (there?.length) await aptly.raw("DELETE", "/publish/trunk/bookworm");
  await aptly.raw("POST", "/publish/trunk", {
    SourceKind: "local",
    Sources: [{ Name: repository, Component: "main" }],
    Distribution: "bookworm",
    Architectures: ["amd64"],
    SkipContents: true,
    SkipBz2: true,
    ForceOverwrite: true,
    Signing: { Batch: true },
  });
}

/** What apt clients of the copy see, `<name> <version>`. */
async function published({ published: folder }: AptlyScene, suite = "bookworm") {
  const index = join(folder, `mirrors/upstream/dists/${suite}/main/binary-amd64/Packages`);
  const text = await readFile(index, "utf8");
  return [...text.matchAll(/^Package: (.+)\n(?:.+\n)*?Version: (.+)$/gm)]
    .map(([, name, version]) => `${name} ${version}`)
    .sort();
}

/** A keyring on the server's machine with the archive's key. */
async function writeKeyring({ key, keyring }: AptlyScene): Promise<string> {
  const env = { ...process.env, GNUPGHOME: keyring };
  const file = join(keyring, "archive.gpg");
  await writeFile(file, execFileSync("gpg", ["--batch", "--export", key], { env }));
  return file;
}
