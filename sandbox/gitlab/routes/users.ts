/** Users. https://docs.gitlab.com/api/users/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { User } from "../entities.ts";
import { filled, flag, paging, parameters, pathNumber, readInput, text } from "../input.ts";
import { toUserBasic } from "../present.ts";
import { created, pageOf, refusal } from "../reply.ts";
import { createUser } from "../seed.ts";

const listInput = parameters({
  ...paging,
  username: text.optional(),
  search: text.optional(),
  active: flag.optional(),
});

const createInput = parameters({
  username: filled,
  name: filled,
  email: z.email(),
  admin: flag.default(false),
  password: text.optional(),
  force_random_password: flag.optional(),
  reset_password: flag.optional(),
  skip_confirmation: flag.optional(),
});

export function userRoutes(api: FastifyInstance, context: Context): void {
  const { users, namespaces } = context.store;

  api.get("/user", { config: { scopes: ["read_user"] } }, (request) => {
    readInput(request, parameters({}));
    return toUser(request, context, userOf(request));
  });

  api.get("/users", (request, reply) => {
    const input = readInput(request, listInput);
    const found = users.filter(
      (row) =>
        (input.username === undefined || row.username === input.username.toLowerCase()) &&
        (input.search === undefined || isNamed(row, input.search)),
    );
    return pageOf(reply, found, input).map((row) => toUserBasic(request, row));
  });

  api.get("/users/:id", (request) => {
    readInput(request, parameters({}));
    const found = users.get(pathNumber(request, "id"));
    if (!found) throw refusal.notFound("User");
    return found.id === userOf(request).id || userOf(request).admin
      ? toUser(request, context, found)
      : toUserBasic(request, found);
  });

  api.post("/users", (request, reply) => {
    if (!userOf(request).admin) throw refusal.forbidden();
    const { username, name, email, admin } = readInput(request, createInput);
    if (namespaces.find((row) => row.path === username && !("parent_id" in row && row.parent_id)))
      throw refusal.conflict("Username has already been taken");
    if (users.find((row) => row.email === email))
      throw refusal.conflict("Email has already been taken");
    const user = createUser(context, { username, name, admin });
    return created(reply, toUser(request, context, users.update(user, { email })));
  });
}

function isNamed(user: User, search: string): boolean {
  return [user.username, user.name, user.email].some((field) =>
    field.toLowerCase().includes(search.toLowerCase()),
  );
}

function toUser(request: FastifyRequest, context: Context, user: User) {
  const namespace = context.store.namespaces.find(
    (row) => row.kind === "user" && row.owner_id === user.id,
  );
  return {
    ...toUserBasic(request, user),
    created_at: user.created_at,
    bio: "",
    bot: user.bot,
    email: user.email,
    public_email: null,
    commit_email: user.email,
    is_admin: user.admin,
    external: false,
    can_create_group: !user.bot,
    can_create_project: !user.bot,
    projects_limit: 100_000,
    two_factor_enabled: false,
    namespace_id: namespace?.id ?? null,
    last_activity_on: timestamp(context).slice(0, 10),
  };
}
