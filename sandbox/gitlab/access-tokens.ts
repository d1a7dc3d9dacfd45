import { type Context, today } from "./context.ts";
import type { AccessToken } from "./entities.ts";
import { refusal } from "./reply.ts";

/** Scopes of personal and project access tokens. */
export const tokenScopes = [
  "api",
  "read_api",
  "read_user",
  "read_registry",
  "write_registry",
  "read_repository",
  "write_repository",
  "create_runner",
  "manage_runner",
  "ai_features",
  "k8s_proxy",
  "read_observability",
  "write_observability",
  "self_rotate",
  "sudo",
  "admin_mode",
] as const;

/** Longest life of a token and its life when none is asked for, in days. */
const longestLife = 365;
const lifeAfterRotation = 7;

/** The day a new token expires; 400 when the wish lies too far ahead. */
export function toExpiry(context: Context, wish: string | undefined): string {
  return checkExpiry(context, wish ?? dayAfter(context, longestLife));
}

/** The day a rotated token expires; a week ahead when nothing is wished. */
export function toRotatedExpiry(context: Context, wish: string | undefined): string {
  return checkExpiry(context, wish ?? dayAfter(context, lifeAfterRotation));
}

/** A token as GitLab answers it; never its secret. */
export function toAccessToken(context: Context, row: AccessToken) {
  const { token: _, project_id: __, rotated_from: ___, access_level, ...told } = row;
  const isExpired = row.expires_at !== null && row.expires_at <= today(context);
  return {
    ...told,
    active: !row.revoked && !isExpired,
    ...(row.project_id !== null && {
      access_level,
      resource_type: "project",
      resource_id: row.project_id,
    }),
  };
}

function checkExpiry(context: Context, day: string): string {
  const limit = dayAfter(context, longestLife);
  if (day > limit) throw refusal.badRequest(`Expiration date must be before ${limit}`);
  return day;
}

function dayAfter({ now }: Context, days: number): string {
  return new Date(now().getTime() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
