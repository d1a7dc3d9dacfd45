/** Registration tokens, the old way for runners to come. https://docs.gitlab.com/api/runners/ */
import type { FastifyInstance } from "fastify";
import { findGroup, findProject, role } from "../access.ts";
import { createSecret, userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import { parameters, readInput } from "../input.ts";
import { created, refusal } from "../reply.ts";

const none = parameters({});

export function registrationTokenRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;
  const toAnswer = (token: string) => ({ token, token_expires_at: null });

  api.post("/runners/reset_registration_token", (request, reply) => {
    readInput(request, none);
    if (!userOf(request).admin) throw refusal.forbidden();
    const runners_token = createSecret("GR1348941");
    const [instance] = store.instances.all();
    if (instance) store.instances.update(instance, { runners_token });
    else store.instances.insert({ runners_token });
    return created(reply, toAnswer(runners_token));
  });

  api.post("/projects/:id/runners/reset_registration_token", (request, reply) => {
    readInput(request, none);
    const project = findProject(request, context, role.maintainer);
    const runners_token = createSecret("GR1348941");
    store.projects.update(project, { runners_token });
    return created(reply, toAnswer(runners_token));
  });

  api.post("/groups/:id/runners/reset_registration_token", (request, reply) => {
    readInput(request, none);
    const group = findGroup(request, context, role.owner);
    const runners_token = createSecret("GR1348941");
    store.namespaces.update(group, { runners_token });
    return created(reply, toAnswer(runners_token));
  });
}
