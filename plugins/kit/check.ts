import type { z } from "zod";
import type { Failure } from "./kind.ts";
import type { Properties, Property } from "./property.ts";
import { type Decoded, unknown, type Values } from "./wire.ts";

export interface Checked {
  /** The inputs with defaults filled in; unknown values stay unknown. */
  readonly inputs: Values;
  readonly failures: readonly Failure[];
}

/** Names, types, required properties and defaults: every fault at once, each with its property. */
export function checkProperties(
  properties: Properties,
  { values, secrets, unknowns }: Decoded,
): Checked {
  const failures: Failure[] = Object.keys(values)
    .filter((key) => !(key in properties))
    .map((key) => ({
      property: key,
      reason: `"${key}" is not a property. Use one of ${Object.keys(properties).join(", ")}.`,
    }));
  const inputs: Values = {};
  for (const [key, property] of Object.entries(properties)) {
    if (unknowns.has(key)) {
      inputs[key] = values[key];
      continue;
    }
    const result = property.type.safeParse(values[key]);
    if (result.success) inputs[key] = result.data;
    else {
      const hidden = secrets.has(key) || Boolean(property.secret);
      failures.push(
        ...result.error.issues.map((issue) => toFailure(key, values[key], issue, hidden)),
      );
    }
  }
  return { inputs, failures };
}

function toFailure(key: string, value: unknown, issue: z.core.$ZodIssue, hidden: boolean): Failure {
  const property = [key, ...issue.path].join(".");
  if (value === undefined) return { property, reason: `${key} is missing. Set it.` };
  const found = issue.path.reduce<unknown>(
    (at, step) => (at as Values | undefined)?.[String(step)],
    value,
  );
  const shown = hidden ? "[secret]" : JSON.stringify(found);
  return { property, reason: `${issue.message}, got ${shown}.` };
}

/** The inputs that a kind's own rules may look at: all but those a preview cannot know. */
export function knownInputs(inputs: Values, unknowns: ReadonlySet<string>): Values {
  return Object.fromEntries(
    Object.entries(inputs).filter(
      ([key, value]) => value !== undefined && value !== unknown && !unknowns.has(key),
    ),
  );
}

/** `<logical name>-<7 hex digits>`, the same for every check of one object. */
export function toAutoName(logicalName: string, randomSeed: Uint8Array): string {
  return `${logicalName}-${Buffer.from(randomSeed).toString("hex").slice(0, 7)}`;
}

export function required(property: Property): boolean {
  return !property.type.safeParse(undefined).success;
}
