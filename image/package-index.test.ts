import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { readNames, toNames, UnreadIndex } from "./package-index.ts";

const index = `Package: g++
Architecture: amd64
Provides: c++-compiler, g++:any (= 12.2)
Description: a compiler
 Package: not-this

Package: mawk
Provides: awk
`;

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-index-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An archive that answers as told, and what was asked of it. */
async function serve(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(
      `${request.url?.split("/").at(-1)} ${request.headers["if-none-match"] ?? ""}`.trim(),
    );
    listener(request, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const archive = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
  return { asked, source: { archive, suite: "bookworm", component: "main" } };
}

/** Files by the last part of their path, each with a validator of its own. */
function files(there: Record<string, Buffer | string>): RequestListener {
  return ({ url = "", headers }, answer) => {
    const name = url.split("/").at(-1) ?? "";
    const body = there[name];
    const etag = `"${body?.length}"`;
    if (!url.startsWith("/debian/dists/bookworm/main/binary-amd64/") || body === undefined) {
      answer.writeHead(404).end();
    } else if (headers["if-none-match"] === etag) {
      answer.writeHead(304).end();
    } else {
      answer.writeHead(200, { etag }).end(body);
    }
  };
}

it("finds packages and what they provide", () => {
  expect(toNames(index)).toEqual(["g++", "c++-compiler", "mawk", "awk"]);
});

describe("the names of a source", () => {
  it("are read once, and asked for again only when they changed", async () => {
    const folder = await temporaryFolder();
    const there = { "Packages.gz": gzipSync(index) };
    const { asked, source } = await serve(files(there));
    expect([...(await readNames(source, folder))]).toContain("awk");
    expect([...(await readNames(source, folder))]).toContain("awk");
    const etag = `"${there["Packages.gz"].length}"`;
    there["Packages.gz"] = gzipSync("Package: another-one\n");
    expect([...(await readNames(source, folder))]).toEqual(["another-one"]);
    expect(asked).toEqual(["Packages.gz", `Packages.gz ${etag}`, `Packages.gz ${etag}`]);
  });

  it("are read from xz where there is no other form, which is asked for first then", async ({
    skip,
  }) => {
    skip(!hasXz(), "there is no xz here");
    const folder = await temporaryFolder();
    const packed = execFileSync("xz", { input: index });
    const { asked, source } = await serve(files({ "Packages.xz": packed }));
    for (const _ of [1, 2]) expect([...(await readNames(source, folder))]).toContain("mawk");
    expect(asked).toEqual(["Packages.gz", "Packages.xz", `Packages.xz "${packed.length}"`]);
  });

  it("are read from a flat repository", async () => {
    const { asked, source } = await serve(({ url }, answer) => {
      answer.writeHead(url === "/debian/Packages.gz" ? 200 : 404).end(gzipSync(index));
    });
    const flat = { ...source, suite: "./", component: "" };
    expect([...(await readNames(flat, await temporaryFolder()))]).toContain("mawk");
    expect(asked).toEqual(["Packages.gz"]);
  });

  it("are read from a server that sends packed files as encoded text, and none where none are", async () => {
    const { source } = await serve((_, answer) => {
      answer.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(index));
    });
    expect([...(await readNames(source, await temporaryFolder()))]).toContain("mawk");
    const { source: empty } = await serve(files({ "Packages.gz": gzipSync("") }));
    expect([...(await readNames(empty, await temporaryFolder()))]).toEqual([]);
  });

  it("are read anew where what was kept is broken", async () => {
    const folder = await temporaryFolder();
    const { asked, source } = await serve(files({ "Packages.gz": gzipSync(index) }));
    await readNames(source, folder);
    const [file = ""] = await readdir(folder);
    await writeFile(join(folder, file), "{");
    expect([...(await readNames(source, folder))]).toContain("mawk");
    expect(asked).toEqual(["Packages.gz", "Packages.gz"]);
  });
});

describe("an index that cannot be read", () => {
  const read = async (listener: RequestListener, folder?: string) => {
    const { source } = await serve(listener);
    const patience = { answer: 200, whole: 400 };
    return readNames(source, folder ?? (await temporaryFolder()), patience);
  };

  it.each<[string, RequestListener, RegExp]>([
    ["that is not there", files({}), /Packages\.gz and .+Packages\.xz answered 404$/],
    ["of a server in trouble", (_, a) => void a.writeHead(503).end(), /gz: answered 503$/],
    ["that is something else", (_, a) => void a.end("<html>"), /gz: the answer is no index/],
    ["that is cut", (_, a) => void a.end(gzipSync(index).subarray(0, 40)), /gz: unexpected end/],
    ["of a silent server", () => undefined, /gz: no answer in time$/],
    ["that never ends", (_, a) => void a.write("Package: "), /gz: .*timeout/],
  ])("fails with its address, one %s", async (_, listener, words) => {
    await expect(read(listener)).rejects.toThrow(words);
    await expect(read(listener)).rejects.toThrow(/^GET http:\/\/127\.0\.0\.1:\d+\/debian\/dists\//);
  });

  it("is told where it cannot be kept", async () => {
    const folder = join(await temporaryFolder(), "file");
    await writeFile(folder, "");
    const reading = read(files({ "Packages.gz": gzipSync(index) }), folder);
    await expect(reading).rejects.toThrow(UnreadIndex);
    await expect(reading).rejects.toThrow(`Packages.gz has cannot be kept: EEXIST`);
  });
});

function hasXz(): boolean {
  try {
    return execFileSync("xz", ["--version"]).length > 0;
  } catch {
    return false;
  }
}
