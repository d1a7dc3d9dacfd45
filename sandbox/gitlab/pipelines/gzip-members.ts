import { crc32, inflateRawSync } from "node:zlib";

/** Bytes that are not gzip streams one after another. */
export class GzipInvalid extends Error {
  override readonly name = "GzipInvalid";
}

interface Inflated {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

/** Optional parts of a header, by their flag. https://www.rfc-editor.org/rfc/rfc1952 */
const flag = { headerCheck: 2, extra: 4, name: 8, comment: 16 };

/**
 * The files of a gzip file: runners write each file of a report as a stream of its own.
 *
 * @throws GzipInvalid when the bytes are cut off, damaged or no gzip at all.
 */
export function readGzipMembers(bytes: Buffer): Buffer[] {
  const members: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + headerLength(bytes.subarray(at));
    const { buffer, engine } = inflate(bytes.subarray(start));
    const end = start + engine.bytesWritten;
    if (end + 8 > bytes.length || bytes.readUInt32LE(end) !== crc32(buffer))
      throw new GzipInvalid("a gzip stream is damaged");
    members.push(buffer);
    at = end + 8;
  }
  return members;
}

function headerLength(bytes: Buffer): number {
  if (bytes.length < 18 || bytes.readUInt16BE(0) !== 0x1f8b)
    throw new GzipInvalid("not a gzip stream");
  const flags = bytes.readUInt8(3);
  let at = 10;
  if (flags & flag.extra) at += 2 + bytes.readUInt16LE(at);
  for (const text of [flag.name, flag.comment]) if (flags & text) at = textEnd(bytes, at);
  return flags & flag.headerCheck ? at + 2 : at;
}

function textEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start);
  if (end === -1) throw new GzipInvalid("a gzip header has no end");
  return end + 1;
}

/** Node's types do not know that `info` changes the answer. */
function inflate(bytes: Buffer): Inflated {
  try {
    return inflateRawSync(bytes, { info: true }) as unknown as Inflated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_"))
      throw new GzipInvalid("a gzip stream is damaged", { cause: error });
    throw error;
  }
}
