import { ConfigError } from "../../validation/config-error.ts";

/** The one argument of a lookup that says what to look up. */
export interface Choice {
  readonly value: string | number;
  /** The error for when there is nothing by that value. */
  notFound(noun: string): ConfigError;
}

/** Throws a ConfigError unless exactly one of the arguments is given. */
export function declaredOnce(
  lookup: string,
  args: Readonly<Record<string, string | number | undefined>>,
): Choice {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const names = Object.keys(args);
  const [first, ...others] = given;
  if (first === undefined || others.length > 0) {
    const message = first ? "are both given" : "are both missing";
    throw refused(lookup, names.join(" and "), message, "Give one of them.");
  }
  const [name, value = ""] = first;
  return {
    value,
    notFound: (noun) =>
      refused(
        lookup,
        name,
        `"${value}" is no ${noun} that the token sees`,
        "Check the spelling and the token's rights.",
      ),
  };
}

function refused(lookup: string, path: string, message: string, fix: string): ConfigError {
  return new ConfigError({ code: "arguments", subject: lookup, faults: [{ path, message, fix }] });
}
