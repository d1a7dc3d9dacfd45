import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer as readBytes, json as readJson } from "node:stream/consumers";

/** What a proxy in front of aptly does: asks for a password, forwards, and here also counts and meddles. */
export interface AptlyFront {
  readonly configuration: { url: string; username: string; password: string };
  /** `GET /publish` and the like, in order, without those of `raw`. */
  readonly requests: string[];
  /**
   * Called before a request is passed on; may answer in aptly's stead, lose the request (`reset`), or
   * pass it on and lose its answer (`drop`), break it off in the middle (`cut`) or keep it back (`hold`).
   */
  meddle: ((call: string) => Promise<Meddled | Trouble | undefined>) | undefined;
  /** The next such call is passed on, but its answer never arrives. */
  loseAnswerTo: string | undefined;
  /** How many more such calls end in the middle of their body; aptly gets the first half. */
  cut: { readonly call: string; times: number } | undefined;
  raw<T>(method: string, path: string, body?: object): Promise<T | undefined>;
  stop(): Promise<void>;
}

export type Trouble = "reset" | "drop" | "cut" | "hold";

export interface Meddled {
  readonly status: number;
  /** Default: a page of HTML, as proxies send. */
  readonly body?: object;
}

const json = "application/json";
const html = "text/html";
const username = "trunkline";
const password = "correct-horse-battery";

/** Starts it on a free port before aptly's unix socket. */
export async function startFront(socketPath: string): Promise<AptlyFront> {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = "", url = "" } = incoming;
    if (incoming.headers.authorization !== expected) {
      answer.writeHead(401, { "content-type": html }).end("<html></html>");
      return;
    }
    const call = `${method} ${url.replace(/^\/api/, "").replace(/\?.*$/, "")}`;
    front.requests.push(call);
    const meddled = await front.meddle?.(call);
    if (meddled === "reset") {
      incoming.destroy();
      return;
    }
    const trouble = typeof meddled === "string" ? meddled : undefined;
    if (typeof meddled === "object") {
      answer.writeHead(meddled.status, { "content-type": meddled.body ? json : html });
      answer.end(meddled.body ? JSON.stringify(meddled.body) : "<html></html>");
      return;
    }
    const onward = request({ socketPath, method, path: url, headers: incoming.headers });
    onward.on("response", (response) => {
      if (trouble || call === front.loseAnswerTo) {
        front.loseAnswerTo = undefined;
        void spoil(trouble ?? "drop", response, answer);
        return;
      }
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    if (front.cut?.call === call && front.cut.times > 0) {
      front.cut.times -= 1;
      incoming.once("data", (chunk: Buffer) => {
        onward.write(chunk.subarray(0, chunk.length / 2), () => {
          onward.destroy();
          incoming.destroy();
        });
      });
      return;
    }
    incoming.pipe(onward);
  }

  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch((error: unknown) => answer.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const front: AptlyFront = {
    configuration: { url: `http://127.0.0.1:${port}/api`, username, password },
    requests: [],
    meddle: undefined,
    loseAnswerTo: undefined,
    cut: undefined,
    raw: (method, path, body) => rawCall(socketPath, method, path, body),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}

/** What is left of an answer for the caller, once aptly has done its work. */
async function spoil(
  trouble: Exclude<Trouble, "reset">,
  response: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const body = await readBytes(response);
  if (trouble === "hold") return;
  if (trouble === "cut" && body.length > 0) {
    const headers = { "content-type": json, "content-length": body.length };
    answer.writeHead(response.statusCode ?? 500, headers);
    answer.write(body.subarray(0, body.length / 2), () => answer.destroy());
  } else answer.destroy();
}

/** Straight to aptly, past the counting; `undefined` for 404, an error for every other refusal. */
function rawCall<T>(
  socketPath: string,
  method: string,
  path: string,
  body?: object,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const text = body && JSON.stringify(body);
    const length = text && { "content-length": Buffer.byteLength(text) };
    const headers = { "content-type": json, ...length };
    const call = request({ socketPath, method, path: `/api${path}`, headers }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode === 404 || statusCode === 204) {
        response.resume();
        resolve(undefined);
        return;
      }
      readJson(response).then((data) => {
        if (statusCode < 300) resolve(data as T);
        else reject(new Error(`${method} ${path}: ${statusCode} ${JSON.stringify(data)}`));
      }, reject);
    });
    call.on("error", reject);
    call.end(text);
  });
}
