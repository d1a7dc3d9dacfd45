import type { Fault } from "../validation/config-error.ts";
import type { Path } from "../validation/shape-faults.ts";
import { toConfigPath } from "./faults.ts";

/** `2024-01-01 00:00:00 +0000 UTC`, as Pulumi hands on what its YAML reads as a date. */
const date = /^(\d{4}-\d{2}-\d{2}) \d{2}:\d{2}:\d{2}(\.\d+)? [+-]\d{4} \S+$/;

/** Every text that was written without quotes and read as a date: it has arrived as another text. */
export function checkDates(value: unknown, path: Path = []): Fault[] {
  if (typeof value === "object" && value !== null) {
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([key, inner]) => checkDates(inner, [...path, key]));
  }
  const [whole, day] = typeof value === "string" ? (date.exec(value) ?? []) : [];
  if (whole === undefined) return [];
  const message = `is "${whole}", a date to YAML`;
  return [{ path: toConfigPath(path), message, fix: `Write it between quotes: "${day}".` }];
}
