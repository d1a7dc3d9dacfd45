import { markStart } from "../pipeline/names.ts";
import { packageVariableKey } from "../pipeline/variables.ts";
import { whyNotMaskable } from "../validation/masked-value.ts";
import { environmentScope } from "../validation/text-rules.ts";
import { type Adopted, type AdoptedSecret, type Entry, withoutUnset } from "./adopted.ts";
import type { VariableRow } from "./gitlab-rows.ts";

/** Names whose values are no business of a repository's readers, whatever GitLab does with them. */
const telling = /TOKEN|PASS|PWD|SECRET|KEY|CRED|AUTH|PRIVATE|CERT/i;

/**
 * Variables as the configuration has them. What GitLab masks, protects or has as a file is written as a
 * secret, and what has a telling name; the rest in the clear, as jobs' logs show it.
 */
export function toVariables(rows: readonly VariableRow[], subject: string): Adopted<Entry> {
  const remarks: string[] = [];
  const keys = new Map<string, VariableRow[]>();
  for (const row of rows.filter((each) => !isKept(each))) {
    const reason = whyNotExpressible(row);
    if (reason) remarks.push(`${subject}: variable ${describe(row)} ${reason}; it is left alone.`);
    else keys.set(row.key, [...(keys.get(row.key) ?? []), row]);
  }
  const secrets: AdoptedSecret[] = [];
  const entry = Object.fromEntries(
    [...keys].map(([key, scoped]) => {
      const entries = scoped.map((row, index) => {
        const place = scoped.length > 1 ? [key, index, "value"] : [key, "value"];
        if (isSecret(row)) secrets.push({ path: place, value: row.value ?? "" });
        return toEntry(row);
      });
      return [key, entries.length === 1 ? entries[0] : entries];
    }),
  );
  return { entry, secrets, remarks };
}

/** What a stack made for its pipelines, this one or another. */
function isKept({ key, description }: VariableRow): boolean {
  return packageVariableKey(key) !== undefined && (description ?? "").startsWith(markStart);
}

function describe({ key, environment_scope: scope }: VariableRow): string {
  return scope === "*" ? key : `${key} (${scope})`;
}

function whyNotExpressible(row: VariableRow): string | undefined {
  if (row.hidden || row.value === null) return "is hidden, so its value cannot be read";
  // Its writer makes a merge of it.
  if (row.value === "<<") return "cannot be expressed: Pulumi cannot keep the value << in a file";
  const refusal = packageVariableKey(row.key) ?? environmentScope(row.environment_scope);
  if (refusal) return `cannot be expressed: ${refusal.message}`;
  const why = row.masked ? whyNotMaskable(row.value, row.raw) : undefined;
  return why && `cannot be expressed: it is masked, but ${why}`;
}

function isSecret({ key, value, masked, protected: safe, variable_type: type }: VariableRow) {
  return value !== "" && (masked || safe || type === "file" || telling.test(key));
}

function toEntry(row: VariableRow): Entry {
  const secret = isSecret(row);
  return withoutUnset({
    value: secret ? undefined : (row.value ?? ""),
    masked: row.masked === secret ? undefined : row.masked,
    protected: row.protected || undefined,
    environmentScope: row.environment_scope === "*" ? undefined : row.environment_scope,
    raw: row.raw ? undefined : false,
    file: row.variable_type === "file" || undefined,
    description: row.description || undefined,
  });
}
