import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { gitEnvironment } from "./command.ts";

/** One request for `git http-backend`. */
export interface BackendRequest {
  /** The bare repository. */
  directory: string;
  /** The path below the repository, such as `/info/refs`. */
  path: string;
  method: string;
  /** The query without its question mark. */
  query: string;
  headers: Record<string, string | undefined>;
  /** The body as it came, still compressed when it was. */
  body: Readable;
  /** The name git records for a push; undefined forbids pushing. */
  user?: string;
  /** Variables for git and its hooks. */
  env?: Record<string, string>;
}

/** What `git http-backend` answers: the head is complete, the body still flows. */
export interface BackendResponse {
  status: number;
  headers: [string, string][];
  body: Readable;
  /** Ends git at once; harmless when it has ended. */
  stop(): void;
  /** Settles when git has ended. */
  ended: Promise<void>;
}

/**
 * Runs `git http-backend` as a CGI program, streaming both ways.
 *
 * @see https://git-scm.com/docs/git-http-backend
 */
export async function callBackend(request: BackendRequest): Promise<BackendResponse> {
  const child = spawn("git", ["http-backend"], {
    env: toCgi(request),
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", reject);
  });
  feed(request.body, child);
  const stop = () => endGroup(child);
  try {
    return { ...(await readHead(child.stdout)), body: child.stdout, stop, ended };
  } catch (error) {
    stop();
    await ended;
    throw error;
  }
}

/** Ends git with the programs it started; they form a process group of their own. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === "ESRCH";
    if (!gone) throw error;
  }
}

/**
 * Git may answer, and stop reading, before the client has sent all: that is no fault. A client
 * that goes away closes its body without ending it, and git must not wait for more.
 */
function feed(body: Readable, { stdin }: ChildProcess): void {
  if (stdin === null) return;
  stdin.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") throw error;
  });
  body.once("close", () => stdin.end());
  body.pipe(stdin);
}

function toCgi({ directory, path, method, query, headers, user, env }: BackendRequest) {
  const { GIT_DIR: _, ...base } = gitEnvironment(directory);
  const optional = {
    CONTENT_TYPE: headers["content-type"],
    CONTENT_LENGTH: headers["content-length"],
    HTTP_CONTENT_ENCODING: headers["content-encoding"],
    GIT_PROTOCOL: headers["git-protocol"],
    REMOTE_USER: user,
  };
  return {
    ...base,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    ...env,
    GATEWAY_INTERFACE: "CGI/1.1",
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROJECT_ROOT: directory,
    PATH_INFO: path,
    QUERY_STRING: query,
    REMOTE_ADDR: "127.0.0.1",
    REQUEST_METHOD: method,
    SERVER_PROTOCOL: "HTTP/1.1",
  };
}

type Head = Pick<BackendResponse, "status" | "headers">;

/** Reads up to the blank line and leaves the rest in the stream. */
function readHead(output: Readable): Promise<Head> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onReadable = () => {
      for (let chunk = output.read(); chunk !== null; chunk = output.read()) {
        seen = Buffer.concat([seen, chunk]);
        const end = seen.indexOf("\r\n\r\n");
        if (end === -1) continue;
        done();
        output.unshift(seen.subarray(end + 4));
        return resolve(toHead(seen.subarray(0, end).toString("latin1")));
      }
    };
    const onEnd = () => {
      done();
      reject(new Error(`git http-backend ended without an answer: ${seen.toString("utf8")}`));
    };
    const done = () => {
      output.off("readable", onReadable);
      output.off("end", onEnd);
    };
    output.on("readable", onReadable);
    output.on("end", onEnd);
  });
}

function toHead(text: string): Head {
  const headers = text.split("\r\n").map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  const status = headers.find(([name]) => name === "status")?.[1];
  return {
    status: status === undefined ? 200 : Number.parseInt(status, 10),
    headers: headers.filter(([name]) => name !== "status"),
  };
}
