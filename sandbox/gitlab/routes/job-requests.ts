/** Runners asking for jobs. https://docs.gitlab.com/ci/runners/long_polling/ */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Runner } from "../entities.ts";
import { filled, parameters, readInput, text } from "../input.ts";
import { catchUp } from "../pipelines/catch-up.ts";
import { toPayload } from "../pipelines/payload.ts";
import { takeJob } from "../pipelines/queue.ts";
import { noteRunner, requireRunner } from "../pipelines/runner-contact.ts";
import { noContent, origin } from "../reply.ts";

const anything = z.record(z.string(), z.unknown());

const requestInput = parameters({
  token: filled,
  system_id: text.optional(),
  last_update: text.optional(),
  info: z.looseObject({ features: anything.optional() }).optional(),
  session: anything.nullable().optional(),
  job_age: z.int().optional(),
});

export function jobRequestRoutes(api: FastifyInstance, context: Context): void {
  const { queue, longPolling, store } = context;

  api.post("/jobs/request", { config: { anonymous: true } }, async (request, reply) => {
    const input = readInput(request, requestInput);
    const runner = requireRunner(context, input.token);
    noteRunner(context, runner, input.system_id, input.info);
    await catchUp(context);
    const value = queue.value;
    if (input.last_update === value && !(await holdBack(reply)))
      return noContent(reply.header("x-gitlab-last-update", value));
    const update = queue.value;
    const asker = {
      system_id: input.system_id ?? null,
      cancels_gracefully: input.info?.features?.cancel_gracefully === true,
    };
    // The runner may have been paused or deleted while it waited.
    const current = requireRunner(context, input.token);
    const taken = await takeJob(context, current, asker);
    if (taken === undefined) return noContent(reply.header("x-gitlab-last-update", update));
    return answer(request, reply, current, taken);
  });

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    runner: Runner,
    { job, token }: NonNullable<Awaited<ReturnType<typeof takeJob>>>,
  ) {
    store.flush();
    reply.code(201);
    return toPayload(context, origin(request), job, runner, token);
  }

  /** Whether something changed while the runner waited; a runner that left must not get a job. */
  async function holdBack(reply: FastifyReply): Promise<boolean> {
    const gone = new AbortController();
    const stop = () => gone.abort();
    reply.raw.once("close", stop);
    const changed = await queue.wait(longPolling, gone.signal);
    reply.raw.off("close", stop);
    return changed;
  }
}
