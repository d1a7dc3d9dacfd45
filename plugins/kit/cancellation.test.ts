import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cancellation, CancelledError } from "./cancellation.ts";
import { Http } from "./http.ts";

/** Milliseconds in which no test ends. */
const hours = 36_000_000;

let server: Server;
/** Requests that have no answer yet. */
let waiting: ServerResponse[];
let cancellation: Cancellation;

beforeEach(async () => {
  waiting = [];
  cancellation = new Cancellation(hours);
  server = createServer((_, response) => void waiting.push(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connect(): Http {
  const { port } = server.address() as AddressInfo;
  return new Http({
    service: "far",
    baseUrl: `http://127.0.0.1:${port}`,
    headers: {},
    concurrency: 8,
    retries: 2,
    retryDelay: hours,
    advice: {},
    words: () => "",
    cancellation,
  });
}

/** Starts a call, and gives the answer to its first try once that is there. */
async function start(method: "get" | "put" | "post") {
  const call = connect().send(method, "/things/1", method === "get" ? undefined : {});
  call.catch(() => undefined);
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  const [response] = waiting;
  if (!response) throw new Error("no request came");
  return { call, response };
}

/** Until the answer has arrived and the next try is waited for. */
async function fail(response: ServerResponse): Promise<void> {
  response.writeHead(503).end();
  await new Promise((resolve) => setTimeout(resolve, 100));
}

const notRepeated =
  "far: PUT /things/1 answered 503: Service Unavailable. It was not tried again: the update was cancelled. Run the same command again to go on.";

describe("when the update is cancelled, a call", () => {
  it("is not tried again: it ends with what the last try ended with", async () => {
    const { call, response } = await start("put");
    await fail(response);
    cancellation.cancel();
    await expect(call).rejects.toMatchObject({
      code: "refused",
      status: 503,
      message: notRepeated,
    });
    expect(waiting).toHaveLength(1);
  });

  it("whose try is under way gets its answer", async () => {
    const { call, response } = await start("post");
    cancellation.cancel();
    response.end('{"id":1}');
    expect((await call).data).toEqual({ id: 1 });
  });

  it("whose try is under way is not tried again", async () => {
    const { call, response } = await start("put");
    cancellation.cancel();
    response.writeHead(503).end();
    await expect(call).rejects.toThrow(notRepeated);
    expect(waiting).toHaveLength(1);
  });

  it("keeps the far side's refusal", async () => {
    const { call, response } = await start("get");
    cancellation.cancel();
    response.writeHead(404).end();
    await expect(call).rejects.toThrow("far: GET /things/1 answered 404: Not Found.");
  });

  it.each([
    ["post", " It may be done all the same. Run the same command again to go on."],
    ["get", " Run the same command again to go on."],
  ] as const)("of %s that gets no answer ends after a grace", async (method, advice) => {
    cancellation = new Cancellation(1);
    const { call } = await start(method);
    cancellation.cancel();
    await expect(call).rejects.toMatchObject({
      code: "unreachable",
      message: `far: ${method.toUpperCase()} /things/1 got no answer: the update was cancelled.${advice}`,
    });
    await expect(connect().get("/more")).rejects.toThrow("the update was cancelled");
    expect(waiting).toHaveLength(1);
  });
});

describe("when the update is cancelled, a pause", () => {
  const wait = { for: "rain", left: "Nothing grew" };

  it("ends with what that means and what to do", async () => {
    const pause = cancellation.pause(hours, wait);
    cancellation.cancel();
    await expect(pause).rejects.toThrow(
      "stopped waiting for rain: the update was cancelled. Nothing grew; run the same command again to go on.",
    );
    await expect(cancellation.pause(0, wait)).rejects.toThrow(CancelledError);
  });

  it("goes on for a grace where the far side is at it", async () => {
    const isUnderWay = true;
    cancellation.cancel();
    await cancellation.pause(1, { ...wait, isUnderWay });
    const hurried = new Cancellation(1);
    hurried.cancel();
    await expect(hurried.pause(hours, { ...wait, isUnderWay })).rejects.toMatchObject({
      code: "cancelled",
      isUnderWay,
    });
  });
});
