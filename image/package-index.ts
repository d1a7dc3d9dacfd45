import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { z } from "zod";
import { joinUrl } from "../validation/urls.ts";
import type { PackageSource } from "./package-sources.ts";
import { isFlat } from "./vendor-archives.ts";

/** What a run keeps for the next one, so that it asks for what has changed alone. */
const kept = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  names: z.array(z.string()),
});

type Kept = z.output<typeof kept>;

/** An index that cannot be read, or not be kept: says which and why. */
export class UnreadIndex extends Error {
  override readonly name = "UnreadIndex";
}

/** Milliseconds until a server begins to answer, and until it has said all. */
export interface Patience {
  readonly answer: number;
  readonly whole: number;
}

const ordinary: Patience = { answer: 5_000, whole: 60_000 };

/** Some suites have one form of compression only. */
const forms = ["Packages.gz", "Packages.xz"];

/**
 * The names that apt can install from a source, by one conditional request once its form is known.
 * Throws an UnreadIndex when it cannot be read, or not be kept in the folder.
 */
export async function readNames(
  source: PackageSource,
  folder: string,
  patience = ordinary,
): Promise<ReadonlySet<string>> {
  const base = folderOf(source);
  const file = join(folder, `${createHash("sha256").update(base).digest("hex")}.json`);
  const before = await readKept(file);
  const urls = new Set([
    ...(before ? [before.url] : []),
    ...forms.map((form) => `${base}/${form}`),
  ]);
  for (const url of urls) {
    const now = await fetchNames(url, before?.url === url ? before : undefined, patience);
    if (now === undefined) continue;
    if (now !== before) await keep(now, file, folder);
    return new Set(now.names);
  }
  throw new UnreadIndex(`GET ${[...urls].join(" and ")} answered 404`);
}

/** The names of amd64 stand for those of every architecture. A flat repository has one index for all. */
function folderOf({ archive, suite, component }: PackageSource): string {
  if (isFlat(suite)) return joinUrl(archive, suite).replace(/\/\.?\/?$/, "");
  return joinUrl(archive, "dists", suite, component, "binary-amd64");
}

/** Packages and what they provide. https://wiki.debian.org/DebianRepository/Format */
export function toNames(index: string): string[] {
  const names = new Set<string>();
  for (const [, value = ""] of index.matchAll(/^(?:Package|Provides): (.+)$/gm)) {
    for (const each of value.split(",")) names.add(each.trim().replace(/[\s:(].*$/, ""));
  }
  return [...names];
}

async function readKept(file: string): Promise<Kept | undefined> {
  try {
    return kept.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // What cannot be read is fetched anew, and a folder that cannot be used shows when it is written.
    return undefined;
  }
}

/** Other runs may read and write the same file. */
async function keep(names: Kept, file: string, folder: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, JSON.stringify(names));
    await rename(draft, file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadIndex(`What ${names.url} has cannot be kept: ${reason}`, { cause: error });
  }
}

/** Undefined when it is not there. */
async function fetchNames(url: string, before: Kept | undefined, patience: Patience) {
  const slow = new AbortController();
  const timer = setTimeout(() => slow.abort(new Error("no answer in time")), patience.answer);
  const signal = AbortSignal.any([slow.signal, AbortSignal.timeout(patience.whole)]);
  try {
    const { status, headers, body } = await ask(url, signal, before, () => clearTimeout(timer));
    if (status === 404) return undefined;
    if (status === 304 && before) return before;
    if (status !== 200) throw new Error(`answered ${status}`);
    const names = toNames((await decompress(body)).toString("latin1"));
    return { url, etag: headers.get("etag"), lastModified: headers.get("last-modified"), names };
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    const words = reason instanceof Error ? reason.message : String(reason);
    throw new UnreadIndex(`GET ${url}: ${words}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function ask(
  url: string,
  signal: AbortSignal,
  before: Kept | undefined,
  onAnswer: () => void,
) {
  const answer = await fetch(url, {
    signal,
    headers: {
      "accept-encoding": "identity",
      ...(before?.etag && { "if-none-match": before.etag }),
      ...(before?.lastModified && { "if-modified-since": before.lastModified }),
    },
  });
  onAnswer();
  const { status, headers } = answer;
  return { status, headers, body: Buffer.from(await answer.arrayBuffer()) };
}

/** By what it is, not by its name: some servers send `.gz` files as encoded text. */
async function decompress(body: Buffer): Promise<Buffer> {
  if (body.subarray(0, 2).toString("hex") === "1f8b") return promisify(gunzip)(body);
  if (body.subarray(0, 6).toString("hex") === "fd377a585a00") return unxz(body);
  if (body.length === 0 || body.subarray(0, 9).toString() === "Package: ") return body;
  throw new Error("the answer is no index of packages");
}

/** Node.js has no xz of its own. */
function unxz(body: Buffer): Promise<Buffer> {
  const options = { encoding: "buffer", maxBuffer: Number.POSITIVE_INFINITY } as const;
  return new Promise((resolve, reject) => {
    const running = execFile("xz", ["--decompress", "--stdout"], options, (error, output) => {
      if (error) reject(new Error(`xz does not read it: ${error.message.split("\n")[0]}`));
      else resolve(output);
    });
    // Its end tells what is wrong.
    running.stdin?.on("error", () => undefined).end(body);
  });
}
