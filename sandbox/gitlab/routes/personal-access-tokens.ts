/** Personal access tokens. https://docs.gitlab.com/api/personal_access_tokens/ */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { toAccessToken, toExpiry, tokenScopes } from "../access-tokens.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import { day, filled, parameters, pathNumber, readInput } from "../input.ts";
import { created, refusal } from "../reply.ts";
import { createPersonalToken } from "../seed.ts";

const createInput = parameters({
  name: filled,
  scopes: z.array(z.enum(tokenScopes)),
  expires_at: day.optional(),
});

export function personalAccessTokenRoutes(api: FastifyInstance, context: Context): void {
  api.post("/users/:user_id/personal_access_tokens", (request, reply) => {
    const input = readInput(request, createInput);
    if (!userOf(request).admin) throw refusal.forbidden();
    const user = context.store.users.get(pathNumber(request, "user_id"));
    if (!user) throw refusal.notFound("User");
    const expiresAt = toExpiry(context, input.expires_at);
    const row = createPersonalToken(context, user, { ...input, expiresAt });
    return created(reply, { ...toAccessToken(context, row), token: row.token });
  });
}
