import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Machine } from "./machine.ts";

/** A signed apt repository on the machine with stand-ins of the package gitlab-runner. */
export interface RunnerRepository {
  /** URI, suite and component. */
  readonly line: string;
  /** Its armoured public key. */
  readonly key: string;
}

const folder = "/srv/runner";
const helperImages = "gitlab-runner-helper-images";

/** Knows every runner but one. */
const program = `#!/bin/sh
case $1 in
  verify) grep -q unknown "$3" || echo "Verifying runner... is valid" ;;
esac
`;

export async function addRunnerRepository(
  machine: Machine,
  scratch: string,
  versions: readonly string[],
): Promise<RunnerRepository> {
  const paragraphs = await Promise.all(versions.flatMap(listPackages).map(addPackage));
  const packages = paragraphs.join("\n");
  const sum = createHash("sha256").update(packages).digest("hex");
  const release = `Suite: stable
Components: main
Architectures: amd64
SHA256:
 ${sum} ${packages.length} main/binary-amd64/Packages
`;
  await machine.write(`${folder}/dists/stable/main/binary-amd64/Packages`, packages);
  const { signed, key } = await sign(release, scratch);
  await machine.write(`${folder}/dists/stable/InRelease`, signed);
  return { line: `file:${folder} stable main`, key };

  async function addPackage({ name, version, depends }: Package): Promise<string> {
    const tree = join(scratch, `${name}-${version}`);
    await mkdir(join(tree, "DEBIAN"), { recursive: true });
    const control = `Package: ${name}
Version: ${version}
Architecture: amd64${depends ? `\nDepends: ${depends}` : ""}
Maintainer: Test <test@example.com>
Description: stand-in
`;
    await writeFile(join(tree, "DEBIAN/control"), control);
    if (name === "gitlab-runner") {
      await mkdir(join(tree, "usr/bin"), { recursive: true });
      await writeFile(join(tree, "usr/bin/gitlab-runner"), program, { mode: 0o755 });
    }
    const archive = `${tree}.deb`;
    await execa("dpkg-deb", ["--build", "--root-owner-group", tree, archive]);
    const bytes = await readFile(archive);
    const file = `pool/${name}-${version}.deb`;
    await machine.write(`${folder}/${file}`, bytes);
    const hash = createHash("sha256").update(bytes).digest("hex");
    return `${control}Filename: ${file}\nSize: ${bytes.length}\nSHA256: ${hash}\n`;
  }
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
}

/** Since 17.7 the package wants another one of exactly its version. */
function listPackages(version: string): Package[] {
  const name = "gitlab-runner";
  if (Number.parseFloat(version) < 17.7) return [{ name, version }];
  return [
    { name, version, depends: `${helperImages} (= ${version})` },
    { name: helperImages, version },
  ];
}

async function sign(text: string, scratch: string): Promise<{ signed: string; key: string }> {
  const home = join(scratch, "gnupg");
  await mkdir(home, { mode: 0o700 });
  const gpg = async (words: readonly string[], input = "") =>
    (await execa("gpg", ["--homedir", home, "--batch", ...words], { input })).stdout;
  const unprotected = ["--pinentry-mode", "loopback", "--passphrase", ""];
  await gpg([...unprotected, "--quick-generate-key", "test <test@example.com>", "ed25519"]);
  try {
    return { signed: await gpg(["--clearsign"], text), key: await gpg(["--armor", "--export"]) };
  } finally {
    await execa("gpgconf", ["--homedir", home, "--kill", "gpg-agent"], { cwd: "/" });
  }
}
