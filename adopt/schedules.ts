import { cronExpression, timezone } from "../validation/schedules.ts";
import { storedVariableKey } from "../validation/text-rules.ts";
import {
  type Adopted,
  type AdoptedSecret,
  type Entry,
  toSlug,
  uniqueName,
  withoutUnset,
} from "./adopted.ts";
import type { ScheduleRow } from "./gitlab-rows.ts";

/** Schedules as the configuration has them, named by their descriptions; their variables as secrets. */
export function toSchedules(rows: readonly ScheduleRow[], subject: string): Adopted<Entry> {
  const entry: Record<string, Entry> = {};
  const secrets: AdoptedSecret[] = [];
  const remarks: string[] = [];
  for (const row of rows) {
    const reason = whyNotExpressible(row);
    if (reason) {
      remarks.push(`${subject}: schedule "${row.description}" ${reason}; it is left alone.`);
      continue;
    }
    const name = uniqueName(toSlug(row.description) || "schedule", (each) => each in entry);
    entry[name] = toEntry(row);
    for (const { key, value } of row.variables ?? []) {
      if (value !== "") secrets.push({ path: [name, "variables", key, "value"], value });
    }
  }
  return { entry, secrets, remarks };
}

function whyNotExpressible(row: ScheduleRow): string | undefined {
  const keys = (row.variables ?? []).map(({ key }) => storedVariableKey(key));
  const refusal = cronExpression(row.cron) ?? timezone(row.cron_timezone) ?? keys.find(Boolean);
  return refusal && `cannot be expressed: ${refusal.message}`;
}

function toEntry(row: ScheduleRow): Entry {
  const variables = (row.variables ?? []).map(
    ({ key, value, variable_type: type }) =>
      [key, { ...(value === "" && { value }), ...(type === "file" && { file: true }) }] as const,
  );
  return withoutUnset({
    description: row.description,
    ref: row.ref,
    cron: row.cron,
    timezone: row.cron_timezone === "UTC" ? undefined : row.cron_timezone,
    active: row.active ? undefined : false,
    variables: variables.length > 0 ? Object.fromEntries(variables) : undefined,
  });
}
