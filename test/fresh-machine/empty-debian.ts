import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { readDebianMirror } from "../../sandbox/services/debian-mirror.ts";
import { ensureRootFilesystem } from "../../sandbox/services/root-filesystem.ts";
import { toolchainPaths } from "../../toolchain/paths.ts";

/** A Debian of its own in a folder, with this machine's network and kernel. Needs root. */
export class EmptyDebian {
  readonly root: string;
  readonly #variables: Record<string, string>;

  private constructor(root: string, variables: Record<string, string>) {
    this.root = root;
    this.#variables = { HOME: "/root", LANG: "C.UTF-8", PATH: searchPath, ...variables };
  }

  /**
   * Unpacks the smallest Debian in which apt works.
   * @param folder An empty folder, which the caller removes.
   * @param variables Set for every command, beside `HOME`, `LANG` and `PATH`.
   */
  static async create(
    codename: string,
    folder: string,
    variables: Record<string, string>,
  ): Promise<EmptyDebian> {
    const mirror = await readDebianMirror();
    const log = join(folder, "debian.log");
    const { file } = await ensureRootFilesystem(codename, mirror, toolchainPaths().baseImages, log);
    const root = join(folder, "root");
    await mkdir(root);
    await execa("tar", ["-xzf", file, "-C", root]);
    await rm(join(root, "etc/resolv.conf"), { force: true });
    await copyFile("/etc/resolv.conf", join(root, "etc/resolv.conf"));
    return new EmptyDebian(root, variables);
  }

  /**
   * Runs a shell's line in it. What the line leaves running ends with it.
   * @param line Begins in the folder `/`.
   * @throws ExecaError when it fails.
   */
  async run(line: string): Promise<void> {
    const variables = Object.entries(this.#variables).map(([name, value]) => `${name}=${value}`);
    const words = ["-ec", enter, "enter", this.root, ...variables, "/bin/sh", "-ec", line];
    const options = ["--mount", "--pid", "--fork", "--kill-child", "--", "/bin/sh"];
    await execa("unshare", [...options, ...words], { stdio: ["ignore", "inherit", "inherit"] });
  }
}

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Makes the folder the root of all mounts, as runc and BuildKit need it inside. */
const enter = `
cd "$1"; shift
mount --bind . .
cd "$PWD"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
exec chroot / /usr/bin/env -i "$@"
`;
