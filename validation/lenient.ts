import type { z } from "zod";

/** What the schema reads, and null in place of a value that has another form. */
export function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullable().catch(null);
}

/** The values that could be read. */
export function readable<T>(values: readonly (T | null)[] | null): T[] {
  return (values ?? []).filter((value) => value !== null);
}
