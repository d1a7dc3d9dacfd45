import type { Failure } from "../kit/kind.ts";

const dayLength = 86_400_000;

/** `2027-01-31`, `days` from today, in UTC as GitLab counts them. */
export function toDay(days: number): string {
  return new Date(Date.now() + days * dayLength).toISOString().slice(0, 10);
}

/** The wish of `validatePastExpirationDate`: a token that nobody could use is refused before it is made. */
export function checkExpiry(inputs: {
  readonly expiresAt?: string | undefined;
  readonly validatePastExpirationDate?: boolean;
}): Failure[] {
  const { expiresAt, validatePastExpirationDate } = inputs;
  if (!validatePastExpirationDate || expiresAt === undefined) return [];
  if (Date.parse(expiresAt) > Date.now()) return [];
  return [{ property: "expiresAt", reason: `expiresAt "${expiresAt}" is past. Give a later one.` }];
}
