import { createSecret } from "./auth.ts";
import { type Context, timestamp } from "./context.ts";
import type { User } from "./entities.ts";

/** What `createUser` needs to know. */
export interface NewUser {
  username: string;
  name: string;
  admin?: boolean;
  bot?: boolean;
}

/** Adds a user with the namespace that carries its name. */
export function createUser(context: Context, { username, name, admin, bot }: NewUser): User {
  const user = context.store.users.insert({
    username,
    name,
    email: `${username}@example.com`,
    admin: admin ?? false,
    bot: bot ?? false,
    created_at: timestamp(context),
  });
  context.store.namespaces.insert({ kind: "user", owner_id: user.id, name, path: username });
  return user;
}

/** Adds a personal access token and returns its secret. */
export function createPersonalToken(
  context: Context,
  user: User,
  { scopes = ["api"], token = createSecret("glpat-"), expiresAt = null as string | null } = {},
): string {
  context.store.accessTokens.insert({
    user_id: user.id,
    project_id: null,
    name: "personal",
    description: null,
    token,
    scopes,
    access_level: 0,
    revoked: false,
    created_at: timestamp(context),
    last_used_at: null,
    expires_at: expiresAt,
    rotated_from: null,
  });
  return token;
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
  const token = rootToken ?? createSecret("glpat-");
  return createPersonalToken(context, root, { scopes, token });
}
