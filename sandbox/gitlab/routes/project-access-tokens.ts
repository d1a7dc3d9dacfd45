/** Project access tokens. https://docs.gitlab.com/api/project_access_tokens/ */
import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findProject, role, roleInProject } from "../access.ts";
import { toAccessToken, toExpiry, tokenScopes, toRotatedExpiry } from "../access-tokens.ts";
import { createSecret, userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { AccessToken, Project, User } from "../entities.ts";
import {
  day,
  filled,
  flag,
  integer,
  paging,
  parameters,
  pathNumber,
  readInput,
  text,
} from "../input.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";
import { createUser } from "../seed.ts";

const createInput = parameters({
  name: filled,
  scopes: z.array(z.enum(tokenScopes)),
  description: text.nullable().default(null),
  access_level: integer.pipe(z.literal([10, 15, 20, 30, 40, 50])).default(40),
  expires_at: day.optional(),
});

const rotateInput = parameters({ expires_at: day.optional() });

const listInput = parameters({
  ...paging,
  state: z.enum(["active", "inactive"]).optional(),
  revoked: flag.optional(),
  search: text.default(""),
});

const path = "/projects/:id/access_tokens";

export function projectAccessTokenRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addCreation(api, context);
  addRotation(api, context);
  addDeletion(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  api.get(path, (request, reply) => {
    const input = readInput(request, listInput);
    const { id } = findManaged(request, context);
    const rows = context.store.accessTokens
      .filter((row) => row.project_id === id && row.name.includes(input.search))
      .map((row) => toAccessToken(context, row))
      .filter(
        (row) =>
          (input.state === undefined || row.active === (input.state === "active")) &&
          (input.revoked === undefined || row.revoked === input.revoked),
      );
    return pageOf(reply, rows, input);
  });

  api.get(`${path}/:token_id`, (request) => {
    readInput(request, parameters({}));
    return toAccessToken(context, findOne(request, context));
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post(path, (request, reply) => {
    const input = readInput(request, createInput);
    const project = findProject(request, context);
    const user = userOf(request);
    const held = roleInProject(context.store, user, project);
    if (user.bot || held < role.maintainer)
      throw refusal.badRequest("User does not have permission to create project access token");
    if (input.access_level > held)
      throw refusal.badRequest(
        "Access level of the token can't be greater the access level of the user who created the token",
      );
    const expires_at = toExpiry(context, input.expires_at);
    const bot = createBot(context, project, input);
    const owner = { user_id: bot.id, project_id: project.id };
    const row = addToken(context, { ...input, ...owner, expires_at, rotated_from: null });
    return created(reply, { ...toAccessToken(context, row), token: row.token });
  });
}

function addRotation(api: FastifyInstance, context: Context): void {
  api.post(`${path}/:token_id/rotate`, (request) => {
    const { expires_at: wish } = readInput(request, rotateInput);
    const old = findOne(request, context);
    if (old.revoked) {
      revokeFamily(context, old);
      throw refusal.badRequest("token already revoked");
    }
    const expires_at = toRotatedExpiry(context, wish);
    context.store.accessTokens.update(old, { revoked: true });
    const { user_id, project_id, name, description, scopes, access_level } = old;
    const kept = { user_id, project_id, name, description, scopes, access_level };
    const row = addToken(context, { ...kept, expires_at, rotated_from: old.id });
    return { ...toAccessToken(context, row), token: row.token };
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  const { members, accessTokens } = context.store;

  api.delete(`${path}/:token_id`, (request, reply) => {
    readInput(request, parameters({}));
    const { user_id } = findOne(request, context);
    members.deleteWhere((row) => row.user_id === user_id);
    accessTokens.deleteWhere((row) => row.user_id === user_id);
    return noContent(reply);
  });
}

function findManaged(request: FastifyRequest, context: Context): Project {
  const project = findProject(request, context);
  if (roleInProject(context.store, userOf(request), project) < role.maintainer)
    throw refusal.unauthorized();
  return project;
}

function findOne(request: FastifyRequest, context: Context): AccessToken {
  const project = findManaged(request, context);
  const found = context.store.accessTokens.get(pathNumber(request, "token_id"));
  if (found?.project_id !== project.id) throw refusal.notFound("project Access Token");
  return found;
}

/** The hidden user, a member of the project, in whose name the token acts. */
function createBot(
  context: Context,
  project: Project,
  { name, access_level }: { name: string; access_level: number },
): User {
  const username = `project_${project.id}_bot_${randomBytes(8).toString("hex")}`;
  const bot = createUser(context, { username, name, bot: true });
  context.store.members.insert({
    parent: { kind: "project", id: project.id },
    user_id: bot.id,
    access_level,
    created_at: timestamp(context),
    expires_at: null,
  });
  return bot;
}

type TokenFields = Pick<
  AccessToken,
  | "user_id"
  | "project_id"
  | "name"
  | "description"
  | "scopes"
  | "access_level"
  | "expires_at"
  | "rotated_from"
>;

function addToken(context: Context, fields: TokenFields): AccessToken {
  return context.store.accessTokens.insert({
    ...fields,
    token: createSecret("glpat-"),
    revoked: false,
    created_at: timestamp(context),
    last_used_at: null,
  });
}

/** A revoked token used once more is taken for stolen: every token of its bot goes. */
function revokeFamily({ store }: Context, token: AccessToken): void {
  for (const row of store.accessTokens.filter((row) => row.user_id === token.user_id))
    store.accessTokens.update(row, { revoked: true });
}
