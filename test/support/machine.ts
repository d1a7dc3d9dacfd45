import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { readDebianMirror } from "../../sandbox/services/debian-mirror.ts";
import { ensureRootFilesystem } from "../../sandbox/services/root-filesystem.ts";
import { toolchainPaths } from "../../toolchain/paths.ts";

export interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A Debian of its own in a folder, entered with chroot: real apt, dpkg and files, but systemd is a
 * stand-in that notes what it is asked to do. Needs root.
 */
export class Machine {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Unpacked into an empty folder that the caller removes. */
  static async create(folder: string): Promise<Machine> {
    const cache = join(toolchainPaths().root, "base-images");
    const mirror = await readDebianMirror();
    const log = join(folder, "debian.log");
    const layer = await ensureRootFilesystem("bookworm", mirror, cache, log);
    const root = join(folder, "root");
    await mkdir(root);
    await execa("tar", ["-xzf", layer.file, "-C", root]);
    const machine = new Machine(root);
    await machine.write("/etc/apt/sources.list", "");
    await machine.write("/usr/local/bin/systemctl", systemctl, 0o755);
    return machine;
  }

  /** Runs a command line as sshd would, with its standard input. */
  async run(line: string, input = ""): Promise<Outcome> {
    const options = { input, reject: false, env: { HOME: "/root", PATH: path }, extendEnv: false };
    const words = [this.root, "/bin/sh", "-c", line];
    const { exitCode, stdout, stderr } = await execa("/usr/sbin/chroot", words, options);
    return { exitCode, stdout, stderr };
  }

  async write(file: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    const target = join(this.root, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
    await chmod(target, mode);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.root, file), "utf8");
  }

  /** What systemd was told since the last call; questions left out. */
  async told(): Promise<string[]> {
    const log = await this.read("/var/log/systemctl");
    await this.write("/var/log/systemctl", "");
    return log.split("\n").filter((line) => line !== "" && !line.startsWith("is-active"));
  }
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A service is active from its first restart until it is disabled or `/run/broken` is there. */
const systemctl = `#!/bin/sh
echo "$*" >>/var/log/systemctl
for word; do service=$word; done
active=/run/active-$service
case $1 in
  restart) [ -e /run/broken ] || touch "$active" ;;
  disable) rm -f "$active" ;;
  is-active) [ -e "$active" ] ;;
esac
`;
