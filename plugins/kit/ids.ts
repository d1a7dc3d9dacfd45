import { ConfigError } from "../../validation/config-error.ts";

/**
 * Splits an id such as `<project>:<key>:<scope>` at its first colons, one fewer than there are names;
 * the last part keeps the rest. Throws a ConfigError when parts are missing.
 */
export function fromId<const Names extends readonly string[]>(
  kind: string,
  id: string,
  names: Names,
): { readonly [Name in Names[number]]: string } {
  const parts = id.split(":");
  const values = [...parts.slice(0, names.length - 1), parts.slice(names.length - 1).join(":")];
  if (values.length < names.length || values.includes("")) {
    const form = names.map((name) => `<${name}>`).join(":");
    const fault = {
      path: "id",
      message: `"${id}" is not of the form ${form}`,
      fix: `Give ${form}.`,
    };
    throw new ConfigError({ code: "arguments", subject: kind, faults: [fault] });
  }
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as never;
}

export function toId(...parts: readonly (string | number)[]): string {
  return parts.join(":");
}

/** The number that an id, or a part of one, must be. Throws a ConfigError when it is none. */
export function toNumber(kind: string, id: string, part = id): number {
  if (/^\d+$/.test(part)) return Number(part);
  const fault = {
    path: "id",
    message: `"${id}" has "${part}" where a number belongs`,
    fix: "Give the number by which GitLab lists the object.",
  };
  throw new ConfigError({ code: "arguments", subject: kind, faults: [fault] });
}
