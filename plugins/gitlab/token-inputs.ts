import { z } from "zod";
import { type Properties, prop, sameSet } from "../kit/property.ts";

/** What the tokens of a project have in common; `scopes` are those that the kind of token can have. */
export function tokenInputs<const Scopes extends readonly [string, ...string[]]>(scopes: Scopes) {
  return {
    project: prop(z.string(), "The id or full path of the project.", { replace: true }),
    name: prop(
      z.string().min(1),
      "What it is called. Default: the logical name and 7 hex digits.",
      { replace: true },
    ),
    scopes: prop(
      z.array(z.enum(scopes)).min(1, "must have an entry"),
      `What it may do, in any order: ${scopes.map((scope) => `\`${scope}\``).join(", ")}.`,
      { replace: true, same: sameSet },
    ),
  } satisfies Properties;
}
