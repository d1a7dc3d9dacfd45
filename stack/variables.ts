import { secret } from "@pulumi/pulumi";
import type { Variables } from "../components/variables.ts";
import type { VariableConfiguration } from "../configuration/variables.ts";
import { mapEntries } from "../validation/entries.ts";

/** Variables as the components take them, what is secret as Pulumi's own secrets. */
export function toVariables(
  variables: Readonly<Record<string, readonly VariableConfiguration[]>>,
): Variables {
  return mapEntries(variables, (_, scoped) =>
    scoped.map(({ secret: isSecret, value, ...variable }) => ({
      ...variable,
      value: isSecret ? secret(value) : value,
    })),
  );
}
