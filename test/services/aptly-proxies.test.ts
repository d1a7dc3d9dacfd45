import { once } from "node:events";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type SandboxLayout, sandboxLayout } from "../../sandbox/services/layout.ts";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { startAptlyProxy } from "../support/aptly-proxy.ts";

/** The sandbox's proxy and the one that `AptlyServer` brings to a host, before one and the same aptly. */

interface Proxy {
  readonly api: string;
  readonly apt: string;
}

const isRoot = process.getuid?.() === 0;
const cleanups = new AsyncDisposableStack();
const aptly = createServer(answerAsAptly);
const modified = "Tue, 14 Nov 2023 22:13:20 GMT";
let sandboxProxy: Proxy;
let componentProxy: Proxy;
let authorization: string;
/** Calls to `/api/slow`, which aptly has not answered yet. */
const held: ServerResponse[] = [];

beforeAll(async () => {
  if (!isRoot) return;
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const layout = sandboxLayout(directory);
  await publishFiles(layout);
  await once(aptly.listen(layout.aptlySocket), "listening");
  cleanups.defer(() => void aptly.close());
  const sandbox = await startSandbox({ directory, ports: "free", services: ["nginx"] });
  cleanups.defer(() => sandbox.stop());
  const { aptlyUsername: username, aptlyPassword: password } = sandbox.credentials;
  authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const { aptlySocket: socket, published } = layout;
  const args = { folder: directory, socket, published, username, password };
  const component = await startAptlyProxy(args);
  cleanups.defer(() => component.stop());
  sandboxProxy = { api: sandbox.urls.aptly, apt: sandbox.urls.apt.replace(/\/$/, "") };
  componentProxy = component;
});
afterAll(() => cleanups.disposeAsync());
beforeEach(({ skip }) => skip(!isRoot, "this user is not root, as nginx wants"));

afterEach(() => {
  for (const answer of held.splice(0)) answer.end();
});

async function publishFiles({ published }: SandboxLayout): Promise<void> {
  const folder = join(published, "trunk/dists/bookworm");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "InRelease"), "signed");
  await writeFile(join(folder, "Packages.gz"), Buffer.alloc(100_000, 7));
  await utimes(join(folder, "InRelease"), new Date(modified), new Date(modified));
}

/** Tells what of a call has arrived. */
async function answerAsAptly(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { method, url, headers } = incoming;
  const body = await text(incoming);
  answer.setHeader("Content-Type", "application/json");
  if (url === "/api/refused") answer.statusCode = 409;
  answer.write(JSON.stringify({ method, url, headers, body }));
  if (url === "/api/slow") held.push(answer);
  else answer.end();
}

interface CallOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function call(method: string, url: string, { headers = {}, body }: CallOptions = {}) {
  // The path as it is: a URL would take dots out of it.
  const path = url.replace(/^http:\/\/[^/]+/, "");
  const outgoing = request(url, { method, path, headers, agent: false });
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  const received = { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  outgoing.destroy();
  return received;
}

async function statusOf(method: string, url: string, headers = { authorization }) {
  return (await call(method, url, { headers, body: "{}" })).status;
}

/** Waits for the turn, as upload jobs do. */
async function writeInTurn(url: string): Promise<void> {
  await expect.poll(() => statusOf("POST", url), { timeout: 10_000 }).toBe(200);
}

/** A writing call that has reached aptly and gets no answer until `held` gives it one. */
async function startSlowCall(api: string) {
  const passedOn = once(aptly, "request");
  const outgoing = request(`${api}/slow`, { method: "POST", headers: { authorization } });
  outgoing.on("error", ({ message }) => expect(message).toBe("socket hang up"));
  outgoing.end("{}");
  await passedOn;
  await expect.poll(() => held.length).toBe(1);
  return { outgoing, finish: () => held.pop()?.end() };
}

describe.each([
  ["the sandbox's", () => sandboxProxy],
  ["AptlyServer's", () => componentProxy],
])("%s proxy", (_name, proxy) => {
  test("lets one writing call through at a time, and all others beside it", async () => {
    const { api } = proxy();
    const slow = await startSlowCall(api);
    expect(await statusOf("POST", `${api}/repos`)).toBe(429);
    expect(await statusOf("PUT", `${api}/publish/trunk/bookworm`)).toBe(429);
    expect(await statusOf("DELETE", `${api}/repos/infra/packages`)).toBe(429);
    expect(await statusOf("GET", `${api}/repos`)).toBe(200);
    expect(await statusOf("POST", `${api}/files/job`)).toBe(200);
    expect(await statusOf("DELETE", `${api}/files/job`)).toBe(200);
    slow.finish();
    await writeInTurn(`${api}/repos`);
  });

  test("keeps the turn of a client that left until aptly has finished", async () => {
    const { api } = proxy();
    const slow = await startSlowCall(api);
    slow.outgoing.destroy();
    await once(slow.outgoing, "close");
    expect(await statusOf("GET", `${api}/repos`)).toBe(200);
    expect(await statusOf("POST", `${api}/repos`)).toBe(429);
    slow.finish();
    await writeInTurn(`${api}/repos`);
  });

  test("gives no turn to a stranger, however long he sends", async () => {
    const { api } = proxy();
    const headers = { "Content-Length": "1000" };
    const stranger = request(`${api}/repos`, { method: "POST", headers });
    stranger.write("half");
    const [refusal] = (await once(stranger, "response")) as [IncomingMessage];
    expect(refusal.statusCode).toBe(401);
    expect(await statusOf("POST", `${api}/repos`)).toBe(200);
    stranger.destroy();
  });
});

const file = "apt:/trunk/dists/bookworm/InRelease";
const large = "apt:/trunk/dists/bookworm/Packages.gz";
const [api, apt] = ["api:", "apt:"];

describe("both proxies answer alike", () => {
  test.each<[number, string, string, string, CallOptions]>([
    [401, "a call with a wrong password", "GET", `${api}/version`, { headers: wrongPassword() }],
    [200, "a read", "GET", `${api}/repos/infra/packages?q=ying%20(%3D%201)&format=details`, {}],
    [200, "a write", "POST", `${api}/repos`, { body: '{"Name":"infra"}' }],
    [409, "what aptly refuses", "PUT", `${api}/refused`, { body: "{}" }],
    [200, "an upload", "POST", `${api}/files/job%201`, { body: "x".repeat(3_000_000) }],
    [413, "too large an upload", "POST", `${api}/files/job`, { headers: length(5_000_000_000) }],
    [404, "what is not the API's", "GET", `${api}/../other`, {}],
    [200, "a published file", "GET", file, {}],
    [200, "the size of one", "HEAD", large, {}],
    [200, "a read past caches", "GET", file, { headers: { "Cache-Control": "no-cache" } }],
    [304, "a read of what changed", "GET", file, { headers: { "If-Modified-Since": modified } }],
    [206, "a part of a file", "GET", large, { headers: { Range: "bytes=10-19" } }],
    [200, "a published folder", "GET", `${apt}/trunk/dists/`, {}],
    [301, "one without its slash", "GET", `${apt}/trunk/dists`, {}],
    [404, "what is not published", "GET", `${apt}/trunk/dists/trixie/InRelease`, {}],
    [400, "what lies beside it", "GET", `${apt}/../api.sock`, {}],
    [405, "a write to it", "PUT", file, { body: "x" }],
  ])("%i for %s", async (status, _case, method, path, options) => {
    const ask = async (proxy: Proxy) => {
      const headers = { ...(path.startsWith(api) && { authorization }), ...options.headers };
      const base = path.startsWith(api) ? proxy.api : proxy.apt;
      const answer = await call(method, base + path.slice(4), { ...options, headers });
      const { date: _date, ...told } = answer.headers;
      const { host } = new URL(base);
      return JSON.parse(JSON.stringify({ ...answer, headers: told }).replaceAll(host, "host:port"));
    };
    const answers = [await ask(sandboxProxy), await ask(componentProxy)];
    expect(answers[0]).toMatchObject({ status });
    expect(answers[1]).toEqual(answers[0]);
  });
});

function wrongPassword() {
  return { authorization: `Basic ${Buffer.from("trunkline:wrong").toString("base64")}` };
}

function length(bytes: number) {
  return { "Content-Length": `${bytes}` };
}
