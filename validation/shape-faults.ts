import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Fault } from "./config-error.ts";

type Issue = z.core.$ZodIssue;
export type Path = readonly PropertyKey[];

/** A value, the schema it should have, and how a path in it is written. */
export interface Shape {
  readonly schema: z.ZodType;
  readonly raw: unknown;
  readonly toPath: (path: Path) => string;
}

/** Every key of the wrong type or form, missing or unknown. */
export function shapeFaults(shape: Shape): Fault[] {
  const result = shape.schema.safeParse(shape.raw);
  return result.success ? [] : result.error.issues.flatMap((issue) => toFaults(issue, shape));
}

/** `["uses", 1]` gives `uses[1]`. */
export function toDottedPath(path: Path): string {
  const [key = "", ...rest] = path;
  const tail = rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`));
  return `${String(key)}${tail.join("")}`;
}

function toFaults(issue: Issue, shape: Shape): Fault[] {
  const { raw } = shape;
  const path = shape.toPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => toUnknownKey([...issue.path, key], shape));
    case "invalid_union":
      return toUnionFaults(issue, shape);
    case "invalid_key":
      return issue.issues.map((inner) => ({ path, ...toRefusal(inner, valueAt(raw, issue.path)) }));
    default:
      return [{ path, ...toRefusal(issue, valueAt(raw, issue.path)) }];
  }
}

/** A value that may be a text or an object is judged as the one that it is. */
function toUnionFaults(issue: z.core.$ZodIssueInvalidUnion, shape: Shape): Fault[] {
  const value = valueAt(shape.raw, issue.path);
  const isOfType = ({ code, path }: Issue) => code === "invalid_type" && path.length === 0;
  const meant = issue.errors.find((inner) => !inner.some(isOfType));
  if (meant) {
    const placed = meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
    return placed.flatMap((inner) => toFaults(inner, shape));
  }
  const path = shape.toPath(issue.path);
  if (value === undefined) return [{ path, message: "is missing", fix: "Set it to a text." }];
  const wanted = issue.errors.flat().filter(isOfType);
  const forms = wanted.map((inner) => ("expected" in inner ? article(inner.expected) : ""));
  return [{ path, message: `is ${quote(value)}`, fix: `Give ${choice.format(forms)} instead.` }];
}

function toRefusal(issue: Issue, value: unknown): Omit<Fault, "path"> {
  switch (issue.code) {
    case "custom":
      return { message: issue.message, fix: String(issue.params?.fix) };
    case "invalid_type":
      return value === undefined
        ? { message: "is missing", fix: `Set it to ${article(issue.expected)}.` }
        : { message: `is ${quote(value)}`, fix: toOther(issue.expected, value) };
    case "invalid_value":
      return {
        message: `is ${quote(value)}`,
        fix: `Choose one of ${issue.values.map((choice) => String(choice)).join(", ")}.`,
      };
    case "too_small":
      return issue.origin === "array" || issue.origin === "string"
        ? { message: "is empty", fix: `Give at least ${issue.minimum}.` }
        : { message: `is ${quote(value)}`, fix: `Give ${issue.minimum} or more.` };
    default:
      return { message: `is ${quote(value)}`, fix: `${issue.message}.` };
  }
}

function toUnknownKey(path: Path, shape: Shape): Fault {
  const key = String(path.at(-1));
  const known = knownKeys(path.slice(0, -1), shape);
  const near = closest(key, known);
  const fix =
    distance(key, near) <= Math.max(2, key.length / 3)
      ? `Did you mean "${near}"?`
      : `Remove it; known here: ${known.join(", ")}.`;
  return { path: shape.toPath(path), message: `is an unknown key, "${key}"`, fix };
}

/** Zod does not say which keys it would have taken, so they are read from the schema at that path. */
function knownKeys(path: Path, shape: Shape): string[] {
  let schema: z.core.$ZodType = shape.schema;
  for (const part of path) schema = step(unwrap(schema, part), part);
  const found = unwrap(schema);
  if (!(found instanceof z.ZodObject)) {
    throw new Error(`no object in the schema at ${shape.toPath(path)}`);
  }
  return Object.keys(found.shape);
}

function step(schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType {
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodObject) return schema.shape[String(part)];
  throw new Error(`the schema has nothing at ${String(part)}`);
}

/** What is behind optional keys, defaults and, in a choice of forms, the one that has the part. */
function unwrap(schema: z.core.$ZodType, part: PropertyKey = ""): z.core.$ZodType {
  if (schema instanceof z.ZodUnion) {
    const wanted = typeof part === "number" ? z.ZodArray : z.ZodObject;
    return schema.options.find((option) => option instanceof wanted) ?? schema;
  }
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
    ? unwrap(schema.unwrap(), part)
    : schema;
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined,
    raw,
  );
}

/** Lists and objects are named, not printed: they may hold more than the user wants in a log. */
function quote(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? `"${value}"` : String(value);
}

const choice = new Intl.ListFormat("en", { type: "disjunction" });

const words: Readonly<Record<string, string>> = {
  array: "a list",
  record: "an object",
  object: "an object",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  number: "a number",
};

/** What is a number or truth value to YAML may have been meant as a text. */
function toOther(expected: string, value: unknown): string {
  const isBare = expected === "string" && (typeof value === "number" || typeof value === "boolean");
  return `Give ${article(expected)} instead${isBare ? ": write it between quotes" : ""}.`;
}

function article(expected: string): string {
  return words[expected] ?? expected;
}
