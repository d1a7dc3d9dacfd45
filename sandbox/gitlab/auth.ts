import { randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Context, timestamp, today } from "./context.ts";
import type { AccessToken, User } from "./entities.ts";
import { refusal } from "./reply.ts";

/** Who sends a request, and with which token. */
export interface Caller {
  user: User;
  token: AccessToken;
}

declare module "fastify" {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
  interface FastifyContextConfig {
    /** Also answers callers without a token. */
    anonymous?: boolean;
    /** Token scopes that open this route besides `api` (and `read_api` for reading). */
    scopes?: string[];
  }
}

/**
 * Checks the token of every request before its parameters, as GitLab does: `PRIVATE-TOKEN`,
 * `Authorization: Bearer` or `?private_token=`. Deploy and runner tokens are no REST credentials.
 * https://docs.gitlab.com/api/rest/authentication/
 */
export function addAuthentication(api: FastifyInstance, context: Context): void {
  api.decorateRequest("caller", undefined);
  api.addHook("onRequest", async (request) => {
    const { anonymous = false, scopes = [] } = request.routeOptions.config;
    const secret = readToken(request);
    if (secret === undefined && anonymous) return;
    request.caller = findCaller(context, secret);
    requireScope(request, request.caller.token, scopes);
    noteUse(context, request.caller.token);
  });
}

/** The user behind a request; 401 when it has none. */
export function userOf(request: FastifyRequest): User {
  if (!request.caller) throw refusal.unauthorized();
  return request.caller.user;
}

/** The token's user, or the 401 that says what is wrong with the token. */
export function findCaller(context: Context, secret: string | undefined): Caller {
  const { accessTokens, users } = context.store;
  const token = secret && accessTokens.find((row) => row.token === secret);
  if (!token) throw refusal.unauthorized();
  if (token.revoked) throw refusal.tokenRevoked();
  if (token.expires_at && token.expires_at <= today(context)) throw refusal.tokenExpired();
  return { token, user: users.require(token.user_id) };
}

/** A new secret with GitLab's prefix, such as `glpat-`. */
export function createSecret(prefix: string): string {
  return `${prefix}${randomBytes(15).toString("base64url")}`;
}

/** Token uses are noted at most every ten minutes, as in GitLab; each note rewrites the data file. */
function noteUse(context: Context, token: AccessToken): void {
  const pause = 10 * 60 * 1000;
  const last = token.last_used_at === null ? Number.NaN : Date.parse(token.last_used_at);
  if (context.now().getTime() - last < pause) return;
  context.store.accessTokens.update(token, { last_used_at: timestamp(context) });
}

function readToken(request: FastifyRequest): string | undefined {
  const header = request.headers["private-token"];
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const asked = (request.query as { private_token?: string }).private_token;
  return [header, bearer, asked].flat().find((secret) => secret !== undefined && secret !== "");
}

function requireScope(request: FastifyRequest, token: AccessToken, scopes: string[]): void {
  const reading = request.method === "GET" || request.method === "HEAD";
  const opening = ["api", ...(reading ? ["read_api"] : []), ...scopes];
  if (!opening.some((scope) => token.scopes.includes(scope)))
    throw refusal.insufficientScope(["api", ...(reading ? ["read_api"] : []), ...scopes]);
}
