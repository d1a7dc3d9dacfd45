import "../../../toolchain/settled-environment.ts";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import PQueue from "p-queue";
import { toolchainPath } from "../../../toolchain/paths.ts";
import { startScene } from "../scene.ts";
import {
  hide,
  type Placeholders,
  type RecordedCall,
  recordedStack,
  toAddressPlaceholders,
  toTokenPlaceholders,
} from "./recording.ts";

/**
 * Records the state that this checkout's program leaves, and the calls that made what it speaks of:
 * `node test/engine/recorded-state/record.ts`. A stack of an earlier program is recorded in a checkout
 * of it, into which this folder was copied. `npm run fix` then lays out the files.
 */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: { readonly content?: string };
}

/** Where and when a resource was declared: paths and times of the machine that recorded. */
const ofTheMachine = ["created", "modified", "sourcePosition", "stackTrace"];

// Pulumi's Automation API looks for the CLI on the PATH of its own process.
process.env.PATH = toolchainPath();
const calls: RecordedCall[] = [];
const answers: unknown[] = [];
const scene = await startScene(recordedStack);
const { environment } = scene.servers;
const gitlab = await startProxy("gitlab", environment.GITLAB_BASE_URL ?? "");
const aptly = await startProxy("aptly", environment.APTLY_URL ?? "");
const connected = { GITLAB_BASE_URL: gitlab.url, APTLY_URL: aptly.url };
try {
  scene.stack.connect(connected);
  const { succeeded, text } = await scene.stack.up();
  if (!succeeded) throw new Error(text);
  const state = await scene.stack.exportState();
  const { resources } = state.deployment as { resources: readonly StateResource[] };
  const placeholders = {
    ...(await writeFiles(resources)),
    ...toTokenPlaceholders(answers),
  };
  await writeJson("calls.json", calls, placeholders);
  await writeJson("state.json", state, placeholders);
} finally {
  gitlab.stop();
  aptly.stop();
  await scene.stop();
}

/** Once, for a reader; calls, inputs and outputs would have each text three times. */
async function writeFiles(resources: readonly StateResource[]): Promise<Placeholders> {
  const files: Record<string, string> = {};
  for (const { urn, inputs } of resources) {
    if (inputs?.content === undefined) continue;
    const file = `${urn.split("::").at(-1)}.yml`;
    await writeFile(join(import.meta.dirname, file), inputs.content);
    files[`<${file}>`] = inputs.content;
  }
  return files;
}

async function writeJson(file: string, value: unknown, placeholders: Placeholders): Promise<void> {
  const leaveOut = (key: string, one: unknown) => (ofTheMachine.includes(key) ? undefined : one);
  const text = `${JSON.stringify(value, leaveOut, 2)}\n`;
  // GitLab's own answers have the address behind the proxy.
  const addresses = [connected, environment].map(toAddressPlaceholders);
  const hidden = [placeholders, ...addresses].reduce(hide, text);
  await writeFile(join(import.meta.dirname, file), hidden);
}

/** Passes calls on one by one, so that objects get their numbers in the order that is recorded. */
async function startProxy(service: RecordedCall["service"], address: string) {
  const queue = new PQueue({ concurrency: 1 });
  const { origin, pathname } = new URL(address);
  const server = createServer((incoming, answer) => {
    queue
      .add(async () => {
        const { status, headers, text } = await passOn(service, origin, incoming);
        answer.writeHead(status, [...headers].flat()).end(text);
      })
      .catch((error: unknown) => answer.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    stop: () => server.close().closeAllConnections(),
  };
}

async function passOn(service: RecordedCall["service"], origin: string, incoming: IncomingMessage) {
  const { method = "", url = "", headers } = incoming;
  const body = await readText(incoming);
  const { host: _, connection: __, "content-length": ___, ...others } = headers;
  const answer = await fetch(`${origin}${url}`, {
    method,
    headers: others as Record<string, string>,
    ...(body !== "" && { body }),
  });
  const text = await answer.text();
  const path = url.replace(/^\/api(\/v4)?|[?&]_async=1/g, "");
  const changes = method !== "GET" && !/\/ci\/lint$|^\/tasks\//.test(path);
  if (answer.ok && changes) {
    calls.push({ service, method, path, ...(body !== "" && { body: JSON.parse(body) }) });
    answers.push(text === "" ? undefined : JSON.parse(text));
  }
  return { status: answer.status, headers: answer.headers, text };
}
