/** Runners that register and look after themselves. https://docs.gitlab.com/api/runners/ */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { createSecret } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import { filled, flag, integer, list, parameters, readInput, text } from "../input.ts";
import { findManager, noteRunner, requireRunner } from "../pipelines/runner-contact.ts";
import { created, noContent, refusal, refuseFaults } from "../reply.ts";
import { checkRunner, removeRunner, replaceToken } from "../runners.ts";

const info = z.record(z.string(), z.unknown()).optional();

const registerInput = parameters({
  token: filled,
  description: text.nullable().default(null),
  maintenance_note: text.max(1024).nullable().default(null),
  info,
  active: flag.default(true),
  paused: flag.optional(),
  locked: flag.default(true),
  run_untagged: flag.optional(),
  tag_list: list.default([]),
  access_level: z.enum(["not_protected", "ref_protected"]).default("not_protected"),
  maximum_timeout: integer.nullable().default(null),
});

const tokenInput = parameters({ token: filled });
const verifyInput = parameters({ token: filled, system_id: text.optional(), info });
const managerInput = parameters({ token: filled, system_id: filled });
const anonymous = { config: { anonymous: true } };

/** Nobody is known as the maker of a runner that registered itself; root stands for it. */
const nobody = 1;

export function runnerRegistrationRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.post("/runners", anonymous, (request, reply) => {
    const { token, info: facts, active, ...input } = readInput(request, registerInput);
    const project = store.projects.find((row) => row.runners_token === token);
    if (project === undefined) throw refusal.forbidden();
    const run_untagged = input.run_untagged ?? input.tag_list.length === 0;
    refuseFaults(checkRunner({ ...input, run_untagged }));
    const runner = store.runners.insert({
      ...input,
      runner_type: "project_type",
      group_id: null,
      project_ids: [project.id],
      created_by: nobody,
      run_untagged,
      paused: input.paused ?? !active,
      token: createSecret(""),
      created_at: timestamp(context),
      contacted_at: null,
    });
    noteRunner(context, runner, undefined, facts);
    return created(reply, { id: runner.id, token: runner.token, token_expires_at: null });
  });

  api.post("/runners/verify", anonymous, (request) => {
    const { token, system_id, info: facts } = readInput(request, verifyInput);
    const runner = requireRunner(context, token);
    noteRunner(context, runner, system_id, facts);
    return { id: runner.id, token: runner.token, token_expires_at: null };
  });

  api.post("/runners/reset_authentication_token", anonymous, (request, reply) => {
    const runner = requireRunner(context, readInput(request, tokenInput).token);
    return created(reply, { token: replaceToken(context, runner), token_expires_at: null });
  });

  api.delete("/runners", anonymous, (request, reply) => {
    const runner = requireRunner(context, readInput(request, verifyInput).token);
    removeRunner(context, runner);
    return noContent(reply);
  });

  api.delete("/runners/managers", anonymous, (request, reply) => {
    const { token, system_id } = readInput(request, managerInput);
    const manager = findManager(context, requireRunner(context, token), system_id);
    if (manager === undefined) throw refusal.notFound("Runner");
    store.runnerManagers.delete(manager);
    return noContent(reply);
  });

  /** GitLab's own answer where it has no job router. */
  api.get("/runners/router/discovery", anonymous, (_request, reply) =>
    reply.code(501).send({ message: "501 Not Implemented" }),
  );
}
