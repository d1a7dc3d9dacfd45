import { goesOn, hasBegun, type PipelineJob, type ProjectPipelines } from "./gitlab-pipeline.ts";
import { toTraceLines } from "./trace-lines.ts";

type Source = Pick<ProjectPipelines, "listJobs" | "readTrace">;

/** What the jobs of a pipeline print, each line once. */
export class JobLogs {
  readonly #pipelines: Source;
  readonly #pipeline: number;
  readonly #report: (line: string) => void;
  /** Lines reported so far, by job. */
  readonly #reported = new Map<number, number>();
  /** Jobs that have ended, whose last line was reported. */
  readonly #finished = new Set<number>();

  constructor(pipelines: Source, pipeline: number, report: (line: string) => void) {
    this.#pipelines = pipelines;
    this.#pipeline = pipeline;
    this.#report = report;
  }

  /** Reports the lines that are new since the last time, with their job's name. */
  async reportNew(): Promise<void> {
    const jobs = await this.#pipelines.listJobs(this.#pipeline);
    const width = Math.max(...jobs.map(({ name }) => name.length));
    for (const job of jobs.filter((each) => hasBegun(each) && !this.#finished.has(each.id))) {
      await this.#reportJob(job, job.name.padEnd(width));
      if (!goesOn(job)) this.#finished.add(job.id);
    }
  }

  async #reportJob(job: PipelineJob, title: string): Promise<void> {
    const lines = toTraceLines(await this.#pipelines.readTrace(job.id));
    // While the job goes on, its runner may still continue the last line.
    const whole = goesOn(job) ? lines.slice(0, -1) : lines;
    const known = this.#reported.get(job.id) ?? 0;
    for (const line of whole.slice(known)) this.#report(`${title}  ${line}`);
    this.#reported.set(job.id, whole.length);
  }
}
