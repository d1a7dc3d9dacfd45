/** Registration tokens of projects, the old way for runners to come. https://docs.gitlab.com/api/runners/ */
import type { FastifyInstance } from "fastify";
import { findProject, role } from "../access.ts";
import { createSecret } from "../auth.ts";
import type { Context } from "../context.ts";
import { parameters, readInput } from "../input.ts";
import { created } from "../reply.ts";

export function registrationTokenRoutes(api: FastifyInstance, context: Context): void {
  api.post("/projects/:id/runners/reset_registration_token", (request, reply) => {
    readInput(request, parameters({}));
    const project = findProject(request, context, role.maintainer);
    const token = createSecret("GR1348941");
    context.store.projects.update(project, { runners_token: token });
    return created(reply, { token, token_expires_at: null });
  });
}
