import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { execa } from "execa";
import { type DebianMirror, renderSources } from "./debian-mirror.ts";
import { readIfPresent } from "./process-record.ts";

/** A layer of an image, as a file. */
export interface Layer {
  /** The gzipped tar archive. */
  file: string;
  /** SHA-256 of the file, as `sha256:<hex>`. */
  digest: string;
  /** SHA-256 of the archive before it was gzipped. */
  diffId: string;
  /** Bytes of the file. */
  size: number;
}

/**
 * The smallest Debian in which apt works, made once and then taken from `cache`.
 * @param codename A Debian release.
 * @param cache The folder that keeps finished layers.
 * @param log The file that gets what mmdebstrap prints.
 */
export async function ensureRootFilesystem(
  codename: string,
  mirror: DebianMirror,
  cache: string,
  log: string,
): Promise<Layer> {
  const key = createHash("sha256")
    .update(JSON.stringify([codename, mirror]))
    .digest("hex");
  const name = join(cache, `${codename}-${key.slice(0, 12)}`);
  const kept = await readIfPresent(`${name}.json`);
  if (kept !== undefined) return JSON.parse(kept) as Layer;
  await mkdir(cache, { recursive: true });
  const draft = `${name}.${process.pid}.tar`;
  try {
    await bootstrap(codename, mirror, draft, log);
    const layer = await compress(draft, `${name}.tar.gz`);
    await writeFile(`${name}.json`, JSON.stringify(layer));
    return layer;
  } finally {
    await rm(draft, { force: true });
  }
}

async function bootstrap(
  codename: string,
  mirror: DebianMirror,
  archive: string,
  log: string,
): Promise<void> {
  const proxy =
    mirror.proxy === undefined ? [] : [`--aptopt=Acquire::http::Proxy "${mirror.proxy}"`];
  const options = ["--variant=minbase", "--format=tar", ...proxy, ...certificateOptions(mirror)];
  await execa("mmdebstrap", [...options, codename, archive, ...renderSources(mirror, codename)], {
    // Equal packages give an equal archive, whenever it is made.
    env: { SOURCE_DATE_EPOCH: "0" },
    stdout: { file: log },
    stderr: { file: log },
  });
}

/** A mirror over https is trusted in the image by the certificates that this machine trusts. */
function certificateOptions(mirror: DebianMirror): string[] {
  if (![mirror.archive, mirror.security].some((uri) => uri?.startsWith("https:"))) return [];
  return [
    "--include=ca-certificates",
    "--customize-hook=copy-in /usr/local/share/ca-certificates /usr/local/share",
    '--customize-hook=chroot "$1" update-ca-certificates',
  ];
}

async function compress(archive: string, file: string): Promise<Layer> {
  const draft = `${file}.${process.pid}`;
  const plain = createHash("sha256");
  const packed = createHash("sha256");
  let size = 0;
  await pipeline(
    createReadStream(archive),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        plain.update(chunk);
        yield chunk;
      }
    },
    createGzip({ level: 4 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        packed.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(draft),
  );
  await rename(draft, file);
  return {
    file,
    size,
    digest: `sha256:${packed.digest("hex")}`,
    diffId: `sha256:${plain.digest("hex")}`,
  };
}
