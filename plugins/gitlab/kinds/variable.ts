import { z } from "zod";
import { whyNotMaskable } from "../../../validation/masked-value.ts";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import type { Failure } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, type ValuesOf } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { taken } from "../taken.ts";

/** What project and group variables have in common. https://docs.gitlab.com/api/project_level_variables/ */
export const variableInputs = {
  key: prop(
    z.string().regex(/^[A-Za-z0-9_]{1,255}$/, "must be 1 to 255 letters, digits and _"),
    "The name of the variable: 1 to 255 letters, digits and `_`.",
    { replace: true },
  ),
  value: prop(
    z.string(),
    "The value. Secret in state when the variable is masked or hidden, and once it is imported.",
    { imported: "secret" },
  ),
  environmentScope: prop(
    z.string().default("*"),
    "The environments that see it, `*` being all. Groups have scopes on paid tiers only. Default: `*`.",
    { replace: true },
  ),
  masked: prop(
    z.boolean().default(false),
    "Hidden in job logs. The value must then be one line of 8 or more characters without blanks; unless `raw`, only letters, digits and `_+=/@:.~-`. Default: false.",
  ),
  hidden: prop(
    z.boolean().default(false),
    "Never shown again by GitLab once created; wants `masked`. Cannot be changed in place. Default: false.",
    { replace: "delete-first" },
  ),
  protected: prop(
    z.boolean().default(false),
    "Given to jobs on protected branches and tags only. Default: false.",
  ),
  raw: prop(
    z.boolean().default(false),
    "`$` is kept as it is instead of expanded. Default: false.",
  ),
  variableType: prop(
    z.enum(["env_var", "file"]).default("env_var"),
    "`env_var`, or `file` for a variable that holds the path of a file with the value. Default: `env_var`.",
  ),
  description: prop(z.string().default(""), "What it is for."),
} satisfies Properties;

export type Variable = ValuesOf<typeof variableInputs>;

/** https://docs.gitlab.com/api/project_level_variables/ */
export interface VariableRow {
  readonly key: string;
  /** GitLab tells none of a hidden variable. */
  readonly value: string | null;
  readonly environment_scope: string;
  readonly masked: boolean;
  readonly hidden?: boolean;
  readonly protected: boolean;
  readonly raw: boolean;
  readonly variable_type: Variable["variableType"];
  readonly description: string | null;
}

/** The rule of masked values: https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable */
export function checkVariable(inputs: Partial<Variable>): Failure[] {
  const { masked, hidden, raw, value } = inputs;
  if (hidden && masked === false) {
    return [
      { property: "hidden", reason: "hidden is true but masked is false. Set masked: true." },
    ];
  }
  if (!masked || value === undefined) return [];
  const characters = raw ? "without blanks" : "of letters, digits and _+=/@:.~- (or set raw: true)";
  const reason = `the value cannot be masked. Give one line of 8 or more characters ${characters}, or set masked: false.`;
  return whyNotMaskable(value, raw ?? false) === undefined ? [] : [{ property: "value", reason }];
}

/** An older GitLab ignores that a variable is to be hidden, and would store it without a mask, too. */
export async function checkHidden({ hidden }: Partial<Variable>, api: GitLab): Promise<Failure[]> {
  if (!hidden) return [];
  const { version } = await api.metadata();
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 17 || (major === 17 && minor >= 4)) return [];
  const reason = `hidden is true, but GitLab hides variables from 17.4 on, and this is ${version}. Leave it out, or upgrade GitLab.`;
  return [{ property: "hidden", reason }];
}

export function secretsOfVariable({ masked, hidden }: Partial<Variable>): readonly "value"[] {
  return masked || hidden ? ["value"] : [];
}

/** The calls of both kinds; `parent` is `/projects/1` or `/groups/1`. */
export const variables = {
  async create(api: GitLab, parent: string, inputs: Variable, token: string, id: string) {
    const { hidden, masked, ...row } = toRow(inputs);
    const visibility = hidden ? { masked: false, masked_and_hidden: true } : { masked };
    try {
      await api.post(`${parent}/variables`, { key: inputs.key, ...row, ...visibility });
    } catch (error) {
      if (isStatus(error, 400) && /^key .*has already been taken/.test(error.answer)) {
        throw taken(token, id, "key", inputs.key);
      }
      throw error;
    }
  },

  async read(api: GitLab, parent: string, key: string, scope: string) {
    const rows = await api.rows<VariableRow>(`${parent}/variables`);
    const row = rows?.find((each) => each.key === key && each.environment_scope === scope);
    return row && fromRow(row);
  },

  async update(api: GitLab, parent: string, inputs: Variable, state: Variable): Promise<void> {
    const url = `${parent}${path`/variables/${inputs.key}`}`;
    const filter = { "filter[environment_scope]": inputs.environmentScope };
    const found = fromRow(await api.get<VariableRow>(url, filter));
    const { hidden, ...wanted } = toRow(inputs);
    const value = found.value ?? state.value;
    const there: Partial<typeof wanted> = toRow({ ...inputs, ...found, value });
    const changes = Object.entries(wanted).filter(
      ([field, value]) =>
        value !== there[field as keyof typeof wanted] && !(hidden && field === "masked"),
    );
    if (changes.length > 0) await api.put(url, Object.fromEntries(changes), filter);
  },

  async delete(api: GitLab, parent: string, key: string, scope: string): Promise<void> {
    const url = `${parent}${path`/variables/${key}`}`;
    await api.remove(url, { "filter[environment_scope]": scope });
  },
};

/** Older state has ids without the scope. */
export function fromVariableId(kind: string, id: string) {
  const { parent, rest } = fromId(kind, id, ["parent", "rest"]);
  const [key = rest, ...scope] = rest.split(":");
  return { parent, key, scope: scope.join(":") || "*" };
}

export function toVariableId(parent: string, { key, environmentScope }: Variable): string {
  return toId(parent, key, environmentScope);
}

function toRow(inputs: Variable) {
  return {
    value: inputs.value,
    environment_scope: inputs.environmentScope,
    masked: inputs.masked,
    hidden: inputs.hidden,
    protected: inputs.protected,
    raw: inputs.raw,
    variable_type: inputs.variableType,
    description: inputs.description,
  };
}

/** GitLab does not give the value of a hidden variable: the stored one stays. */
function fromRow(row: VariableRow) {
  return {
    key: row.key,
    value: row.value ?? undefined,
    environmentScope: row.environment_scope,
    masked: row.masked,
    hidden: row.hidden ?? false,
    protected: row.protected,
    raw: row.raw,
    variableType: row.variable_type,
    description: row.description ?? "",
  };
}
