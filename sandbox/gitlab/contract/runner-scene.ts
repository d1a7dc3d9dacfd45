import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type Sandbox } from "../app.ts";
import type { Answer } from "./server.ts";

/** What a call may carry. */
export interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** The caller's token; null for none. Default: root's. */
  token?: string | null;
}

/** A sandbox with a clock that tests set, a project with a pipeline file, and runners that ask. */
export class RunnerScene {
  readonly #directory: string;
  readonly #clock: { now: Date };
  sandbox: Sandbox;

  private constructor(directory: string, clock: { now: Date }, sandbox: Sandbox) {
    this.#directory = directory;
    this.#clock = clock;
    this.sandbox = sandbox;
  }

  static async start(longPolling = 0): Promise<RunnerScene> {
    const directory = mkdtempSync(join(tmpdir(), "runner-"));
    const clock = { now: new Date("2026-03-01T12:00:00Z") };
    const sandbox = await createSandbox({ directory, clock: () => clock.now, longPolling });
    return new RunnerScene(directory, clock, sandbox);
  }

  async stop(): Promise<void> {
    await this.sandbox.close();
    rmSync(this.#directory, { recursive: true });
  }

  /** Ends the server and starts another one on what it left. */
  async restart(): Promise<void> {
    await this.sandbox.close();
    const clock = () => this.#clock.now;
    this.sandbox = await createSandbox({ directory: this.#directory, clock, longPolling: 0 });
  }

  /** Lets seconds pass. */
  pass(seconds: number): void {
    this.#clock.now = new Date(this.#clock.now.getTime() + seconds * 1000);
  }

  async call(method: string, path: string, { body, headers, token }: Call = {}): Promise<Answer> {
    const secret = token === undefined ? this.sandbox.rootToken : token;
    const isJson = body !== undefined && !(body instanceof FormData) && typeof body !== "string";
    const answer = await this.sandbox.fetch(`http://gitlab.test/api/v4${path}`, {
      method,
      headers: {
        ...(secret !== null && { "private-token": secret }),
        ...(isJson && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && {
        body: isJson ? JSON.stringify(body) : (body as string | FormData),
      }),
    });
    const text = await answer.text();
    const json = answer.headers.get("content-type")?.startsWith("application/json") === true;
    return {
      status: answer.status,
      headers: answer.headers,
      body: json && text !== "" ? JSON.parse(text) : text,
    };
  }

  /** A project whose pipeline file is committed, which starts its first pipeline. */
  async createProject(file: string, settings: Record<string, unknown> = {}) {
    const name = `p${this.sandbox.store.projects.all().length}`;
    const { body: project } = await this.call("POST", "/projects", { body: { name } });
    if (Object.keys(settings).length > 0)
      await this.call("PUT", `/projects/${project.id}`, { body: settings });
    await this.commit(project.id, file);
    return project as { id: number; path_with_namespace: string };
  }

  async commit(project: number, file: string, message = "change", branch = "main") {
    const known = await this.call(
      "GET",
      `/projects/${project}/repository/files/.gitlab-ci.yml?ref=${branch}`,
    );
    const action = known.status === 200 ? "update" : "create";
    const actions = [{ action, file_path: ".gitlab-ci.yml", content: file }];
    const body = { branch, commit_message: message, actions };
    return this.call("POST", `/projects/${project}/repository/commits`, { body });
  }

  /** The token of a new runner. */
  async createRunner(project: number, fields: Record<string, unknown> = {}): Promise<string> {
    const body = { runner_type: "project_type", project_id: project, ...fields };
    return (await this.call("POST", "/user/runners", { body })).body.token;
  }

  /** A runner's request for a job. */
  request(token: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    return this.call("POST", "/jobs/request", { token: null, body: { token, ...fields } });
  }

  /** A runner's word on a job. */
  update(job: { id: number; token: string }, fields: Record<string, unknown>): Promise<Answer> {
    const body = { token: job.token, ...fields };
    return this.call("PUT", `/jobs/${job.id}`, { token: null, body });
  }

  /** A piece of trace. */
  trace(job: { id: number; token: string }, start: number, text: string): Promise<Answer> {
    const end = start + Buffer.byteLength(text) - 1;
    const headers = {
      "job-token": job.token,
      "content-range": `${start}-${end}`,
      "content-type": "text/plain",
    };
    return this.call("PATCH", `/jobs/${job.id}/trace`, { token: null, body: text, headers });
  }

  /** The newest pipeline of a project. */
  async pipeline(project: number) {
    const { body } = await this.call("GET", `/projects/${project}/pipelines?per_page=1`);
    return (await this.call("GET", `/projects/${project}/pipelines/${body[0].id}`)).body;
  }

  /** Names and states of the jobs of the newest pipeline. */
  async states(project: number): Promise<Record<string, string>> {
    const { id } = await this.pipeline(project);
    const { body } = await this.call("GET", `/projects/${project}/pipelines/${id}/jobs`);
    return Object.fromEntries(
      body.reverse().map((job: { name: string; status: string }) => [job.name, job.status]),
    );
  }

  /** The files that the server keeps of a job. */
  jobFiles(id: number): string[] {
    const folder = join(this.#directory, "jobs", `${id}`);
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  /** The refs of a project's repository. */
  refs(project: number): string {
    const repository = join(this.#directory, "repositories", `${project}.git`);
    return execFileSync("git", ["--git-dir", repository, "for-each-ref", "--format=%(refname)"], {
      encoding: "utf8",
    });
  }
}
