import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "./api-error.ts";
import { Http } from "./http.ts";

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

/** What the server does with the next requests; the last one stays. */
let script: Reply[];
let seen: string[];
let server: Server;

beforeEach(async () => {
  script = [];
  seen = [];
  server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const [reply] = script.length > 1 ? script.splice(0, 1) : script;
    reply?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const answer =
  (status: number, body: unknown = {}, headers: Record<string, string> = {}): Reply =>
  (_request, response) => {
    const type = { "content-type": "application/json" };
    response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
  };
const ok = answer(200, { fine: true });
/** Breaks off in the middle of the body. */
const cut: Reply = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
  response.write('{"fine":', () => response.destroy());
};
const reset: Reply = (request) => request.socket.destroy();

function connect({ retries = 2, retryDelay = 1, concurrency = 8 } = {}): Http {
  const { port } = server.address() as AddressInfo;
  return new Http({
    service: "far",
    baseUrl: `http://127.0.0.1:${port}/api/`,
    headers: { authorization: "Bearer hush-hush" },
    concurrency,
    retries,
    retryDelay,
    advice: { 403: "Ask for the role.", unreachable: "Start it." },
    words: (body) => (body as { message?: string } | undefined)?.message ?? "",
  });
}

describe("a call", () => {
  it("goes below the base URL with its query, and gives the JSON answer", async () => {
    script = [ok];
    expect(await connect().get("/things", { page: 2, unset: undefined, "a[b]": "c" })).toEqual({
      fine: true,
    });
    expect(seen).toEqual(["GET /api/things?page=2&a%5Bb%5D=c"]);
  });

  it("is done when the answer has no body", async () => {
    script = [(_request, response) => response.writeHead(204).end()];
    await expect(connect().delete("/things/1")).resolves.toBeUndefined();
  });
});

describe("a failed try", () => {
  it.each([
    ["get", "a 500", answer(500)],
    ["put", "a 503", answer(503)],
    ["delete", "a 502", answer(502)],
    ["get", "a lost connection", reset],
    ["get", "an answer that breaks off", cut],
    ["post", "a 429", answer(429)],
    ["patch", "a 429", answer(429)],
  ] as const)("of %s is repeated after %s", async (method, _, failure) => {
    script = [failure, failure, ok];
    await connect().send(method, "/things", method === "get" ? undefined : {});
    expect(seen).toHaveLength(3);
  });

  it.each([
    ["post", "a 500, since it may have acted", answer(500)],
    ["patch", "a 503, since it may have acted", answer(503)],
    ["post", "a lost connection", reset],
    ["post", "an answer that breaks off", cut],
    ["get", "a 404", answer(404)],
    ["put", "a 400", answer(400)],
  ] as const)("of %s is not repeated after %s", async (method, _, failure) => {
    script = [failure, ok];
    const call = connect().send(method, "/things", method === "get" ? undefined : {});
    await expect(call).rejects.toThrow(ApiError);
    expect(seen).toHaveLength(1);
  });

  it("of a post is repeated where doing it twice changes nothing", async () => {
    script = [reset, answer(502), ok];
    expect(await connect().repost("/lint", {})).toEqual({ fine: true });
    expect(seen).toEqual(Array(3).fill("POST /api/lint"));
  });

  it("ends the call once the tries are used up", async () => {
    script = [answer(500, { message: "boom" })];
    await expect(connect().get("/things")).rejects.toMatchObject({ code: "refused", status: 500 });
    expect(seen).toHaveLength(3);
  });

  it("waits as long as the server asks, not as long as it would itself", async () => {
    const hours = 3_600_000;
    script = [answer(429, {}, { "retry-after": "0" }), ok];
    await connect({ retryDelay: hours }).get("/things");
    expect(seen).toHaveLength(2);
  });
});

describe("the error of a call", () => {
  it("is one sentence of the server's words, with what to do and without the token", async () => {
    script = [answer(403, { message: "403 Forbidden" })];
    const call = connect().get("/things", { private_token: "hush" });
    const error = await call.catch((fault: Error) => fault);
    expect(error).toMatchObject({ code: "refused", method: "GET", path: "/things", status: 403 });
    expect(error).toHaveProperty(
      "message",
      "far: GET /things answered 403: 403 Forbidden. Ask for the role.",
    );
    expect(String(error)).not.toContain("hush");
  });

  it.each([
    ["a proxy's page", 502, "<html><h1>Bad Gateway</h1></html>", "answered 502: Bad Gateway."],
    [
      "a page in place of the API",
      200,
      "<html></html>",
      "answered 200: something that is not JSON. Start it.",
    ],
  ])("does not repeat %s", async (_, status, body, message) => {
    script = [(_request, response) => response.writeHead(status).end(body)];
    await expect(connect().get("/things")).rejects.toMatchObject({
      code: "refused",
      message: `far: GET /things ${message}`,
    });
  });

  it("names the call whose answer broke off", async () => {
    script = [cut];
    await expect(connect().send("post", "/things", {})).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringMatching(/^far: POST \/things got no answer: .* Start it\.$/),
    });
  });

  it("says that there was no answer, and why", async () => {
    const far = connect({ retries: 0 });
    await new Promise((resolve) => server.close(resolve));
    await expect(far.get("/things")).rejects.toMatchObject({
      code: "unreachable",
      message: "far: GET /things got no answer: ECONNREFUSED. Start it.",
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
});

it("has no more requests under way than it may", async () => {
  let waiting: ServerResponse[] = [];
  script = [(_request, response) => void waiting.push(response)];
  const far = connect({ concurrency: 3 });
  const calls = Promise.all(Array.from({ length: 7 }, (_, index) => far.get(`/things/${index}`)));
  const sizes: number[] = [];
  while (seen.length < 7 || waiting.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    sizes.push(waiting.length);
    for (const response of waiting) response.end("{}");
    waiting = [];
  }
  await calls;
  expect(Math.max(...sizes)).toBe(3);
});

describe("a shared read", () => {
  it("is one request for all who ask", async () => {
    script = [ok];
    const far = connect();
    const read = () => far.once("things", () => far.get("/things"));
    await Promise.all([read(), read(), read()]);
    await read();
    expect(seen).toHaveLength(1);
  });

  it("is read again after a write, and after one that was under way", async () => {
    script = [ok];
    const far = connect();
    const read = () => far.once("things", () => far.get("/things"));
    await read();
    const write = far.put("/things/1", {});
    await read();
    await write;
    await read();
    expect(seen.filter((line) => line.startsWith("GET"))).toHaveLength(3);
  });

  it("is tried again after it found nothing", async () => {
    const far = connect();
    const finds = [undefined, { fine: true }];
    const read = () => far.once("thing", () => Promise.resolve(finds.shift()));
    expect(await read()).toBeUndefined();
    expect(await read()).toEqual({ fine: true });
  });

  it("is tried again after it failed", async () => {
    script = [answer(404), ok];
    const far = connect();
    const read = () => far.once("things", () => far.get("/things"));
    await expect(read()).rejects.toThrow(ApiError);
    await expect(read()).resolves.toEqual({ fine: true });
  });
});
