import { type SecretPath, SecretPaths } from "../configuration/secrets.ts";
import type { StackFiles } from "./stack-files.ts";

export interface SecretSources extends StackFiles {
  readonly namespace: string;
  /** Whether the engine calls a full key a secret, or has one somewhere in its value. */
  readonly isSecret: (key: string) => boolean;
}

/**
 * Which values of a configuration are secrets. The engine tells the program every value decrypted, and of
 * secrets the key alone that they are somewhere in. So the files tell the rest: below such a key a value
 * is a secret unless one of them has the same value in the clear at its place.
 */
export function findSecretPaths(
  configuration: Readonly<Record<string, unknown>>,
  { namespace, isSecret, configurations, name }: SecretSources,
): SecretPaths {
  const list = Object.entries(configuration).flatMap(([key, value]) => {
    const full = `${namespace}:${key}`;
    if (!isSecret(full)) return [];
    return search({ path: [key], value, written: configurations.map((each) => each[full]) }, name);
  });
  return new SecretPaths(list);
}

/** A value as the engine gave it, and what the files have at its place. */
interface Place {
  readonly path: SecretPath["path"];
  readonly value: unknown;
  readonly written: readonly unknown[];
}

function search(place: Place, name: string): SecretPath[] {
  const { path, value, written } = place;
  if (written.some((each) => !isEncrypted(each) && isLike(each, value))) {
    return entriesOf(value).flatMap(([part, inner]) =>
      search({ path: [...path, part], value: inner, written: written.map(toInner(part)) }, name),
    );
  }
  return [written.some(isEncrypted) ? { path } : { path, unseenIn: name }];
}

/** The same value, or of the same kind when it holds others. */
function isLike(written: unknown, value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return written !== undefined && String(written) === String(value);
  }
  return (
    typeof written === "object" &&
    written !== null &&
    Array.isArray(written) === Array.isArray(value)
  );
}

function entriesOf(value: unknown): [PropertyKey, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function toInner(part: PropertyKey): (written: unknown) => unknown {
  return (written) =>
    typeof written === "object" && written !== null && !isEncrypted(written)
      ? Reflect.get(written, part)
      : undefined;
}

/** `secure: v1:…` */
function isEncrypted(written: unknown): boolean {
  if (typeof written !== "object" || written === null) return false;
  const entries = Object.entries(written);
  return entries.length === 1 && entries[0]?.[0] === "secure" && typeof entries[0][1] === "string";
}
