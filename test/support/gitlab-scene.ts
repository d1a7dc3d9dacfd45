import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitLab } from "../../plugins/gitlab/client.ts";
import { gitlab } from "../../plugins/gitlab/plugin.ts";
import type { Values } from "../../plugins/kit/wire.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/gitlab/app.ts";
import { MiniEngine } from "./mini-engine.ts";

/** The plugin as it is, but without the pauses that a shared server wants. */
const hasty: typeof gitlab = {
  ...gitlab,
  connect: ({ baseUrl, token, retries }, { cancellation, report }) =>
    new GitLab({ baseUrl, token, retries, retryDelay: 1, pollDelay: 1, cancellation, report }),
};

/** A sandbox with the plugin connected to it, and raw calls past the plugin. */
export class GitLabScene {
  readonly sandbox: Sandbox;
  /** Ends in `/api/v4/`. */
  readonly baseUrl: string;
  readonly engine: MiniEngine;
  readonly #directory: string;

  private constructor(sandbox: Sandbox, baseUrl: string, engine: MiniEngine, directory: string) {
    this.sandbox = sandbox;
    this.baseUrl = baseUrl;
    this.engine = engine;
    this.#directory = directory;
  }

  /** On a free port, with its data in a temporary folder; `stop` ends both. */
  static async start(options: Omit<SandboxOptions, "directory"> = {}): Promise<GitLabScene> {
    const directory = await mkdtemp(join(tmpdir(), "trunkline-gitlab-"));
    const sandbox = await createSandbox({ ...options, directory });
    const baseUrl = `${await sandbox.listen()}/api/v4/`;
    const engine = await connect({ baseUrl, token: sandbox.rootToken });
    return new GitLabScene(sandbox, baseUrl, engine, directory);
  }

  /** The plugin as another run of `pulumi` has it: nothing read yet. Without arguments: as root, on the sandbox. */
  connect(configuration: { baseUrl?: string; token?: string } = {}): Promise<MiniEngine> {
    return connect({ baseUrl: this.baseUrl, token: this.sandbox.rootToken, ...configuration });
  }

  /** A raw call as root: `call("GET", "/projects/1")`. Throws when the sandbox does not answer with success. */
  async call<T = Values>(method: string, path: string, body?: Values): Promise<T> {
    const answer = await this.#send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** A raw GET; `undefined` when the sandbox answers 404. */
  async look<T = Values>(path: string): Promise<T | undefined> {
    const answer = await this.#send("GET", path);
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** The next POST is carried out, its answer lost. */
  loseAnswer(): void {
    this.sandbox.faults.next({ method: "POST", reply: "drop" });
  }

  async stop(): Promise<void> {
    await this.sandbox.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #send(method: string, path: string, body?: Values): Promise<Response> {
    return this.sandbox.fetch(`http://sandbox/api/v4${path}`, {
      method,
      headers: { "private-token": this.sandbox.rootToken, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

function connect(configuration: { baseUrl: string; token: string }): Promise<MiniEngine> {
  return MiniEngine.start(hasty, { ...configuration, retries: 2 });
}
