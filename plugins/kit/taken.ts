import { ConfigError } from "../../validation/config-error.ts";
import { typeName } from "./kind.ts";

/**
 * For a `create` whose object is already there: creating it again is impossible and taking it over
 * unasked would be rude, so the message says how to import it.
 */
export function taken(token: string, id: string, property: string, value: string): ConfigError {
  const fault = {
    path: property,
    message: `"${value}" is there already`,
    fix: `To manage it here, run: pulumi import ${token} <name> '${id}'`,
  };
  return new ConfigError({ code: "arguments", subject: typeName(token), faults: [fault] });
}
