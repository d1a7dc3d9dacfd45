import { z } from "zod";
import { toConfigPath } from "./faults.ts";
import { configurationSchema } from "./schema.ts";

/** One setting of a stack, for a table in the documentation. */
export interface Setting {
  /** For example `trunkline:packages.<package>.uses`. */
  readonly path: string;
  readonly meaning: string;
  /** The value when the setting is left out, as YAML in backquotes or in words; `required` when it must be there. */
  readonly default: string;
}

type Schema = z.core.JSONSchema.BaseSchema;

/** Every setting, in the schema's order. */
export function describeConfiguration(): Setting[] {
  return describeObject(z.toJSONSchema(configurationSchema, { io: "input" }), []);
}

function describeObject(schema: Schema, path: readonly string[]): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    if (typeof inner === "boolean") return [];
    const here = [...path, key];
    const setting = {
      path: toConfigPath(here),
      meaning: inner.description ?? "",
      default: describeDefault(inner, schema.required?.includes(key) ?? false),
    };
    return [setting, ...describeInner(inner, here)];
  });
}

function describeInner(schema: Schema, path: readonly string[]): Setting[] {
  const object = schema.anyOf?.find((form) => form.type === "object");
  if (object) return describeObject(object, path);
  const entry = schema.additionalProperties;
  return typeof entry === "object"
    ? describeInner(entry, [...path, `<${String(entry.placeholder)}>`])
    : describeObject(schema, path);
}

function describeDefault(schema: Schema, required: boolean): string {
  if (required) return "required";
  if (schema.default === undefined) return String(schema.unset);
  const plain = typeof schema.default === "string" && schema.default !== "";
  return `\`${plain ? schema.default : JSON.stringify(schema.default)}\``;
}
