import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Gitlab } from "@gitbeaker/rest";
import { onTestFinished } from "vitest";
import { renderRunnerConfig } from "../../runner/config-toml.ts";
import { planRunner, type RunnerRequest } from "../../runner/plan.ts";
import { createSandbox, type Sandbox } from "../../sandbox/gitlab/app.ts";
import { RunnerProcess } from "../../sandbox/run-pipeline/runner-process.ts";
import { toTraceLines } from "../../sandbox/run-pipeline/trace-lines.ts";
import { temporaryFolder } from "../services/sandbox-for-test.ts";

export type RunnerSettingsOfTest = Omit<RunnerRequest, "description">;

/** A sandbox on a free port, and runners of the official program that are registered with it. */
export class RunnerScene {
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly gitlab: InstanceType<typeof Gitlab>;
  readonly #program: string;

  private constructor(folder: string, sandbox: Sandbox, url: string, program: string) {
    this.folder = folder;
    this.sandbox = sandbox;
    this.url = url;
    this.gitlab = new Gitlab({ host: url, token: sandbox.rootToken });
    this.#program = program;
  }

  /** Ends with the test. */
  static async start(program: string): Promise<RunnerScene> {
    const folder = await temporaryFolder();
    const sandbox = await createSandbox({ directory: join(folder, "gitlab") });
    onTestFinished(() => sandbox.close());
    return new RunnerScene(folder, sandbox, await sandbox.listen(), program);
  }

  /** A project whose committed file starts a pipeline. */
  async createProject(file: readonly string[]): Promise<number> {
    const { id } = await this.gitlab.Projects.create({ name: "datahook" });
    const content = file.join("\n");
    const action = { action: "create" as const, filePath: ".gitlab-ci.yml", content };
    await this.gitlab.Commits.create(id, "main", "Add a pipeline", [action]);
    return id;
  }

  /** A raw call as root: `call("GET", "projects/1")`. */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = {
      "private-token": this.sandbox.rootToken,
      "content-type": "application/json",
    };
    const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${this.url}/api/v4/${path}`, sent);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`);
    return answer.json();
  }

  /** The authentication token of a new instance runner with the tag `infra`. */
  async register(): Promise<string> {
    const { token } = await this.gitlab.Users.createCIRunner("instance_type", {
      tagList: ["infra"],
    });
    if (!token) throw new Error("the sandbox gave no token");
    return token;
  }

  /** The `config.toml` that trunkline renders for such a runner. */
  render(token: string, settings: RunnerSettingsOfTest): string {
    const request = { description: "infra", tags: ["infra"], checkInterval: 1, ...settings };
    return renderRunnerConfig(planRunner(request, "Runner"), { url: this.url, token });
  }

  /** Registers a runner and starts its process, which ends with the test. */
  async startRunner(
    settings: RunnerSettingsOfTest = {},
    environment: Record<string, string> = {},
  ): Promise<void> {
    const config = this.render(await this.register(), settings);
    const folder = join(this.folder, "runner");
    const program = this.#program;
    const runner = await RunnerProcess.start({ program, config, folder, environment });
    onTestFinished(() => runner.stop());
  }

  /** The newest pipeline of a project once it has ended. */
  async pipelineOf(project: number) {
    return this.#until(`the pipeline of project ${project} to end`, async () => {
      const [pipeline] = await this.gitlab.Pipelines.all(project);
      const over = ["success", "failed", "canceled"].includes(pipeline?.status ?? "");
      return over ? pipeline : undefined;
    });
  }

  /** A job once its status is the given one, with its trace. */
  async jobIn(project: number, name: string, status: string) {
    return this.#until(`job ${name} to be ${status}`, async () => {
      const job = await this.job(project, name);
      return job.status === status ? job : undefined;
    });
  }

  /** A job once it has printed a line. */
  async jobSaying(project: number, name: string, line: string) {
    return this.#until(`job ${name} to say ${line}`, async () => {
      const job = await this.job(project, name);
      return job.lines.includes(line) ? job : undefined;
    });
  }

  /** Waits until the runner's own log has some text. */
  async runnerSaying(text: string): Promise<void> {
    await this.#until(`the runner to say ${text}`, async () =>
      (await this.runnerLog()).includes(text) ? true : undefined,
    );
  }

  /** What the runner has logged so far. */
  runnerLog(): Promise<string> {
    return readFile(join(this.folder, "runner/runner.log"), "utf8");
  }

  /** A job as it is now, with its trace and what of that the job printed. */
  async job(project: number, name: string) {
    const job = (await this.gitlab.Jobs.all(project)).find((row) => row.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    const trace = await this.gitlab.Jobs.showLog(project, job.id);
    return { ...job, trace, lines: toTraceLines(trace) };
  }

  async #until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let tries = 0; tries < 600; tries += 1) {
      const found = await look();
      if (found !== undefined) return found;
      await sleep(200);
    }
    const log = await this.runnerLog();
    throw new Error(`waited in vain for ${what}; the runner said:\n${log.slice(-4000)}`);
  }
}
