import { callGitLab, type GitLabAccess, readFromGitLab } from "./gitlab-calls.ts";
import { PipelineError } from "./pipeline-error.ts";

/** A pipeline as GitLab tells it. https://docs.gitlab.com/api/pipelines/ */
export interface Pipeline {
  id: number;
  status: string;
  web_url: string;
}

/** A job of a pipeline as GitLab tells it. https://docs.gitlab.com/api/jobs/ */
export interface PipelineJob {
  id: number;
  name: string;
  status: string;
  artifacts_file?: { filename: string; size: number } | null;
}

const waiting = ["created", "waiting_for_resource", "preparing", "pending"];

/** Whether a pipeline or job has not ended. */
export function goesOn({ status }: { status: string }): boolean {
  return [...waiting, "running", "canceling"].includes(status);
}

/** Whether a job has been given to a runner. */
export function hasBegun({ status }: { status: string }): boolean {
  return !waiting.includes(status);
}

/** The pipelines of one project. */
export class ProjectPipelines {
  readonly #access: GitLabAccess;
  readonly #path: string;

  constructor(access: GitLabAccess, project: number) {
    this.#access = access;
    this.#path = `projects/${project}`;
  }

  /** The newest of a commit; undefined when it has none. */
  async find(commit: string): Promise<Pipeline | undefined> {
    return (await this.#read<Pipeline[]>(`pipelines?sha=${commit}&per_page=1`))[0];
  }

  /**
   * Makes another one for a branch.
   * @throws PipelineError `no-pipeline` with GitLab's own words, when its file makes none.
   */
  async create(branch: string): Promise<Pipeline> {
    const path = `${this.#path}/pipeline?ref=${encodeURIComponent(branch)}`;
    const options = { method: "POST", expected: [400] };
    const response = await callGitLab(this.#access, path, options);
    if (response.ok) return (await response.json()) as Pipeline;
    const message = `pipeline: GitLab makes no pipeline for ${branch}: ${await response.text()}`;
    throw new PipelineError("no-pipeline", message);
  }

  async read(pipeline: number): Promise<Pipeline> {
    return this.#read(`pipelines/${pipeline}`);
  }

  /** Its jobs in the order of their making, without those that were retried. */
  async listJobs(pipeline: number): Promise<PipelineJob[]> {
    const jobs = await this.#read<PipelineJob[]>(`pipelines/${pipeline}/jobs?per_page=100`);
    return jobs.toSorted((one, other) => one.id - other.id);
  }

  async readTrace(job: number): Promise<string> {
    return (await callGitLab(this.#access, `${this.#path}/jobs/${job}/trace`)).text();
  }

  /** The zip archive of a job's artifacts. */
  async readArchive(job: number): Promise<Uint8Array> {
    const response = await callGitLab(this.#access, `${this.#path}/jobs/${job}/artifacts`);
    return new Uint8Array(await response.arrayBuffer());
  }

  async #read<T>(path: string): Promise<T> {
    const found = await readFromGitLab<T>(this.#access, `${this.#path}/${path}`);
    if (found === undefined) throw new Error(`GitLab has no ${this.#path}/${path}`);
    return found;
  }
}
