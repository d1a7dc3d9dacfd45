import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import { lenient } from "../validation/lenient.ts";
import { whyNotMaskable } from "../validation/masked-value.ts";
import type { Path } from "../validation/shape-faults.ts";
import { toConfigPath } from "./faults.ts";
import type { SecretPaths } from "./secrets.ts";
import { completeVariable, type PlacedVariable, placeVariables, variable } from "./variables.ts";

/** Variables by key, as far as they can be read. */
export const variablesView = lenient(z.record(z.string(), lenient(variable)).default({}));

/** Faults of the variables at a path: what GitLab cannot mask, contradictions, scopes that are there twice. */
export function checkVariables(
  path: Path,
  read: z.output<typeof variablesView>,
  secrets: SecretPaths,
): Fault[] {
  return Object.entries(read ?? {}).flatMap(([key, written]) => {
    if (written === null) return [];
    const placed = placeVariables(written);
    const at = [...path, key];
    return [
      ...placed.flatMap((each) => checkVariable(at, each, secrets)),
      ...checkScopes(at, placed),
    ];
  });
}

function checkVariable(
  at: Path,
  { path, valuePath, entry }: PlacedVariable,
  secrets: SecretPaths,
): Fault[] {
  const isSecret = secrets.has([...at, ...valuePath]);
  const { secret, masked, hidden, raw, value } = completeVariable(entry, isSecret);
  const place = (key: string) => toConfigPath([...at, ...path, key]);
  if (isSecret && !secret) {
    const message = "is false, but the value is a secret";
    return [
      { path: place("secret"), message, fix: "Remove it, or set the value without --secret." },
    ];
  }
  if (hidden && !masked) {
    const fix = "Remove it, or set hidden: false.";
    return [{ path: place("masked"), message: "is false, but hidden is true", fix }];
  }
  const why = masked ? whyNotMaskable(value, raw) : undefined;
  if (why === undefined) return [];
  const subject = secret ? "is a secret that" : "is a value that";
  const fix = `Give one line of 8 or more characters without blanks${raw ? "" : ", or set raw: true"}; or write { value, masked: false }, and jobs' logs may show it.`;
  return [
    {
      path: toConfigPath([...at, ...valuePath]),
      message: `${subject} GitLab cannot mask: ${why}`,
      fix,
    },
  ];
}

function checkScopes(at: Path, placed: readonly PlacedVariable[]): Fault[] {
  const scopes = placed.map(({ entry }) => entry.environmentScope);
  return placed.flatMap(({ path }, index) => {
    const scope = scopes[index] ?? "";
    if (scopes.indexOf(scope) === index) return [];
    return [
      {
        path: toConfigPath([...at, ...path, "environmentScope"]),
        message: `"${scope}" is there twice`,
        fix: "Remove one, or give it another scope.",
      },
    ];
  });
}
