import { createSecret } from "./auth.ts";
import { type Context, timestamp } from "./context.ts";
import type { AccessToken, User } from "./entities.ts";

/** What making users takes of the context. */
type Seeded = Pick<Context, "store" | "now">;

/** What `createUser` needs to know. */
export interface NewUser {
  username: string;
  name: string;
  admin?: boolean;
  bot?: boolean;
}

/** Adds a user and, unless it is a bot, the namespace that carries its name. */
export function createUser(context: Seeded, given: NewUser): User {
  const { username, name, admin = false, bot = false } = given;
  const user = context.store.users.insert({
    username,
    name,
    email: `${username}@example.com`,
    admin,
    bot,
    created_at: timestamp(context),
  });
  if (!bot)
    context.store.namespaces.insert({ kind: "user", owner_id: user.id, name, path: username });
  return user;
}

/** What may be told of a personal access token. */
export interface NewToken {
  name?: string;
  scopes?: string[];
  /** The secret; a random one by default. */
  token?: string;
  /** Day of expiry, `YYYY-MM-DD`; never by default. */
  expiresAt?: string | null;
}

/** Adds a personal access token. */
export function createPersonalToken(context: Seeded, user: User, given: NewToken): AccessToken {
  return context.store.accessTokens.insert({
    user_id: user.id,
    project_id: null,
    name: given.name ?? "personal",
    description: null,
    token: given.token ?? createSecret("glpat-"),
    scopes: given.scopes ?? ["api"],
    access_level: 0,
    revoked: false,
    created_at: timestamp(context),
    last_used_at: null,
    expires_at: given.expiresAt ?? null,
    rotated_from: null,
  });
}

/**
 * The administrator `root`, user 1, with a token; made on the first start, found on later ones.
 * A `rootToken` not known yet is added.
 */
export function seedRoot(context: Context, rootToken?: string): string {
  const { users, accessTokens } = context.store;
  const root =
    users.find((row) => row.username === "root") ??
    createUser(context, { username: "root", name: "Administrator", admin: true });
  const known = accessTokens.find(
    (row) => row.user_id === root.id && (rootToken === undefined || row.token === rootToken),
  );
  if (known) return known.token;
  const scopes = ["api", "read_api", "create_runner", "manage_runner", "sudo", "admin_mode"];
  const fields = { name: "root", scopes, ...(rootToken !== undefined && { token: rootToken }) };
  return createPersonalToken(context, root, fields).token;
}
