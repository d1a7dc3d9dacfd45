import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** The folder of a job's trace and artifacts. */
export function jobDirectory(root: string, jobId: number): string {
  return join(root, "jobs", `${jobId}`);
}

/** What became of a piece of trace. */
export interface Appended {
  /** False when it begins after what is there. */
  fits: boolean;
  /** Bytes there are now. */
  size: number;
}

/** The output of a job, a file that grows. */
export class Trace {
  readonly #folder: string;
  readonly #file: string;

  constructor(root: string, jobId: number) {
    this.#folder = jobDirectory(root, jobId);
    this.#file = join(this.#folder, "trace.log");
  }

  get size(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Everything so far; empty before the first piece. */
  read(): Buffer {
    return this.size === 0 ? Buffer.alloc(0) : readFileSync(this.#file);
  }

  /** Writes bytes that begin at `start`; what was there from that place on is replaced. */
  append(start: number, bytes: Buffer): Appended {
    const { size } = this;
    if (start > size) return { fits: false, size };
    mkdirSync(this.#folder, { recursive: true });
    if (start < size) truncateSync(this.#file, start);
    appendFileSync(this.#file, bytes);
    return { fits: true, size: start + bytes.length };
  }

  /** Whether the runner counted the same bytes; what it does not tell is not compared. */
  agrees(checksum: string | undefined, bytesize: number | undefined): boolean {
    if (bytesize !== undefined && bytesize !== this.size) return false;
    if (checksum === undefined) return true;
    return checksum === `crc32:${crc32(this.read()).toString(16).padStart(8, "0")}`;
  }
}
