/** What runners tell of the jobs they run: state and trace. */
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { z } from "zod";
import { type Context, timestamp } from "../context.ts";
import { filled, integer, parameters, pathNumber, readInput, text } from "../input.ts";
import { requireRunningJob } from "../pipelines/job-token.ts";
import { Trace } from "../pipelines/trace.ts";
import { endJob } from "../pipelines/transitions.ts";
import { refusal } from "../reply.ts";

const updateInput = parameters({
  token: filled,
  state: text.optional(),
  failure_reason: text.optional(),
  exit_code: integer.optional(),
  checksum: text.optional(),
  output: z.object({ checksum: text.optional(), bytesize: integer.optional() }).optional(),
  info: z.record(z.string(), z.unknown()).optional(),
  runtime_environment_key: text.optional(),
});

const anonymous = { config: { anonymous: true } };
/** Seconds between two pieces of trace. */
const traceInterval = "3";

export async function jobUpdateRoutes(api: FastifyInstance, context: Context): Promise<void> {
  api.put("/jobs/:id", anonymous, async (request, reply) => {
    const input = readInput(request, updateInput);
    const job = requireRunningJob(request, context, pathNumber(request, "id"));
    context.store.jobs.update(job, { heard_at: timestamp(context) });
    reply.type("text/plain").header("x-gitlab-trace-update-interval", traceInterval);
    const answer = (status: number) =>
      reply.code(status).header("job-status", job.status).send(`${status}`);
    if (input.state === "running") return answer(200);
    if (input.state !== "success" && input.state !== "failed") return answer(400);
    const { checksum, bytesize } = input.output ?? { checksum: input.checksum };
    const arrived = new Trace(context.directory, job.id).agrees(checksum, bytesize);
    // A runner whose count differs is asked to send all again once, and believed after that.
    if (!arrived && !job.trace_doubted) {
      context.store.jobs.update(job, { trace_doubted: true });
      return answer(412);
    }
    await endJob(context, job, {
      status: input.state,
      ...(input.failure_reason !== undefined && { failure_reason: input.failure_reason }),
      ...(input.exit_code !== undefined && { exit_code: input.exit_code }),
    });
    return answer(200);
  });

  const traceRoute: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "*",
      { parseAs: "buffer" },
      async (_request: unknown, body: unknown) => body,
    );

    scope.patch("/jobs/:id/trace", anonymous, async (request, reply) => {
      const job = requireRunningJob(request, context, pathNumber(request, "id"));
      context.store.jobs.update(job, { heard_at: timestamp(context) });
      const range = request.headers["content-range"];
      const start = /^(\d+)-/.exec(range ?? "")?.[1];
      if (start === undefined) throw refusal.contentRangeMissing();
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const trace = new Trace(context.directory, job.id);
      if (Number(start) + bytes.length > traceLimit) {
        const failure_reason = "trace_size_exceeded";
        await endJob(context, job, { status: "failed", failure_reason });
        throw refusal.forbidden();
      }
      const { fits, size } = trace.append(Number(start), bytes);
      if (!fits) throw refusal.rangeNotSatisfiable(size);
      return reply
        .code(202)
        .headers({
          "job-status": job.status,
          range: `0-${size}`,
          "x-gitlab-trace-update-interval": traceInterval,
        })
        .send();
    });
  };
  await api.register(traceRoute);
}

/** Bytes a trace may have. https://docs.gitlab.com/administration/instance_limits/#maximum-file-size-for-job-logs */
const traceLimit = 100 * 1024 * 1024;
