import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { createSandbox, type Sandbox } from "../app.ts";

/** What a server answered; `body` is parsed JSON, or the text when it is none. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a contract test looks into answers of every shape
  body: any;
}

/** The GitLab under contract: the sandbox in process, or a real one. */
export interface Server {
  /** Sends a call of the REST API; `path` starts after `/api/v4`. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Makes a group that is removed afterwards. */
  createGroup(fields?: Record<string, unknown>): Promise<{ id: number; full_path: string }>;
  /** Makes a project that is removed afterwards. */
  createProject(fields?: Record<string, unknown>): Promise<{
    id: number;
    path: string;
    path_with_namespace: string;
    default_branch: string;
  }>;
  /** Makes a user without rights, removed afterwards; needs an administrator's token. */
  createUser(): Promise<{ id: number; username: string }>;
}

/**
 * True when TRUNKLINE_CONTRACT_URL names a real GitLab, such as `https://gitlab.example.com`, for
 * which TRUNKLINE_CONTRACT_TOKEN holds an administrator's token.
 */
const isReal = process.env.TRUNKLINE_CONTRACT_URL !== undefined;

let sequence = 0;

/** A name nobody has. */
export function unique(prefix: string): string {
  sequence += 1;
  return `${prefix}-${Date.now().toString(36)}-${process.pid}-${sequence}`;
}

/** Opens the server for the tests of one file and cleans up behind them. */
export function useServer(): Server {
  let sandbox: Sandbox | undefined;
  let directory: string | undefined;
  const made: string[] = [];

  beforeAll(async () => {
    if (isReal) return;
    directory = await mkdtemp(join(tmpdir(), "contract-"));
    sandbox = await createSandbox({ directory });
  });

  afterAll(async () => {
    if (isReal) for (const path of made.reverse()) await ask("DELETE", path);
    await sandbox?.close();
    if (directory) await rm(directory, { recursive: true });
  });

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const base = process.env.TRUNKLINE_CONTRACT_URL ?? "http://gitlab.test";
    const token = process.env.TRUNKLINE_CONTRACT_TOKEN ?? sandbox?.rootToken ?? "";
    const answer = await (sandbox?.fetch ?? fetch)(`${base}/api/v4${path}`, {
      method,
      headers: {
        "private-token": token,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: toBody(await answer.text()) };
  }

  async function create(family: string, fields: Record<string, unknown>) {
    const answer = await ask("POST", `/${family}`, fields);
    if (answer.status !== 201) throw new Error(`POST /${family}: ${JSON.stringify(answer.body)}`);
    made.push(`/${family}/${answer.body.id}`);
    return answer.body;
  }

  return {
    ask,
    createGroup(fields = {}) {
      const path = unique("group");
      return create("groups", { name: path, path, ...fields });
    },
    createProject(fields = {}) {
      return create("projects", { name: unique("project"), ...fields });
    },
    createUser() {
      const username = unique("user");
      const email = `${username}@example.com`;
      return create("users", { username, name: username, email, force_random_password: true });
    },
  };
}

function toBody(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
