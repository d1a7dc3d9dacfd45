import { z } from "zod";
import { packageVariableKey } from "../pipeline/variables.ts";
import { mapEntries } from "../validation/entries.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";

/** A CI/CD variable with all that GitLab's API keeps of it: https://docs.gitlab.com/api/project_level_variables/ */
export const variableEntry = z.strictObject({
  value: z.string().meta({ description: "The value.", keepsSecret: true }),
  secret: z.boolean().optional().meta({
    description: "Encrypted in the state, and masked in GitLab unless `masked` says otherwise.",
    unset: "whether `--secret` set the value",
  }),
  masked: z.boolean().optional().meta({
    description:
      "Hidden in jobs' logs. The value must then be one line of 8 or more characters without blanks; without `raw` of letters, digits and `_+=/@:.~-` alone.",
    unset: "true for a secret and with `hidden`",
  }),
  hidden: z.boolean().default(false).meta({
    description:
      "Never shown again by GitLab 17.4 or newer, not to owners either. Another choice later deletes the variable and makes it anew.",
  }),
  protected: z.boolean().default(false).meta({
    description: "Given to pipelines of protected branches and tags alone.",
  }),
  environmentScope: text(rule.environmentScope).default("*").meta({
    description:
      "Environments whose jobs get it, for example `review/*`. Variables of groups have scopes on GitLab's paid tiers alone.",
  }),
  raw: z.boolean().default(true).meta({
    description: "`$` in the value has no meaning. With false, other variables are put in.",
  }),
  file: z.boolean().default(false).meta({
    description: "Jobs get the path of a file with the value.",
  }),
  description: z.string().max(255).default("").meta({
    description: "What it is for, at most 255 characters.",
  }),
});

/** One variable by its value or as a whole, or several with different scopes. */
export const variable = z
  .union([z.string().meta({ keepsSecret: true }), variableEntry, z.array(variableEntry).min(1)])
  .meta({ placeholder: "key" });

/** Variables of a project or a group, by key. */
export const variables = z.record(text(packageVariableKey), variable).default({});

type WrittenVariable = z.output<typeof variable>;
type Entry = z.output<typeof variableEntry>;

/** A variable with everything decided. */
export interface VariableConfiguration extends Omit<Entry, "secret" | "masked"> {
  readonly secret: boolean;
  readonly masked: boolean;
}

/** Where a variable's value stands, from its key on, and what else is said of it. */
export interface PlacedVariable {
  readonly path: readonly PropertyKey[];
  readonly valuePath: readonly PropertyKey[];
  readonly entry: Entry;
}

/** The variables that a key stands for: one for each scope. */
export function placeVariables(written: WrittenVariable): PlacedVariable[] {
  if (typeof written === "string") {
    return [{ path: [], valuePath: [], entry: variableEntry.parse({ value: written }) }];
  }
  if (!Array.isArray(written)) return [{ path: [], valuePath: ["value"], entry: written }];
  return written.map((entry, index) => ({ path: [index], valuePath: [index, "value"], entry }));
}

/** With the defaults filled in that depend on whether a value is a secret. */
export function completeVariable(entry: Entry, isSecret: boolean): VariableConfiguration {
  const secret = entry.secret ?? isSecret;
  return { ...entry, secret, masked: entry.masked ?? (secret || entry.hidden) };
}

/** Every variable of a project or a group, by key; `isSecret` is asked for the path from the key on. */
export function completeVariables(
  written: z.output<typeof variables>,
  isSecret: (path: readonly PropertyKey[]) => boolean,
): Record<string, VariableConfiguration[]> {
  return mapEntries(written, (key, each) =>
    placeVariables(each).map(({ valuePath, entry }) =>
      completeVariable(entry, isSecret([key, ...valuePath])),
    ),
  );
}
