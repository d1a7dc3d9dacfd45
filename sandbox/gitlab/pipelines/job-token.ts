import type { FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { refusal } from "../reply.ts";
import type { Job } from "./rows.ts";

/** The running job whose token a request carries. https://docs.gitlab.com/ci/jobs/ci_job_token/ */
export function readJobToken(request: FastifyRequest, { store }: Context): Job | undefined {
  const secret = givenToken(request);
  if (secret === undefined || secret === "") return undefined;
  return store.jobs.find((job) => job.token !== null && job.token === secret);
}

/** The text of the token, wherever it is. */
function givenToken(request: FastifyRequest): string | undefined {
  const query = request.query as { job_token?: string; token?: string };
  const body = request.body as { token?: unknown } | undefined;
  const inBody = typeof body?.token === "string" ? body.token : undefined;
  return [request.headers["job-token"], query.job_token, query.token, inBody]
    .flat()
    .find((secret) => secret !== undefined && secret !== "");
}

/**
 * The job in the path, for its own runner while it runs. A wrong token and a job that does not exist
 * look the same; a canceled job's runner is told so by `Job-Status`, if it once had the job.
 */
export function requireRunningJob(request: FastifyRequest, context: Context, id: number): Job {
  const job = context.store.jobs.get(id);
  const secret = givenToken(request);
  if (job === undefined || secret === undefined) throw refusal.forbidden();
  if (job.token === secret) return job;
  if (job.last_token !== secret) throw refusal.forbidden();
  throw refusal.jobNotRunning(job.status);
}
