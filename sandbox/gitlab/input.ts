import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { refusal } from "./reply.ts";
import { routeTemplate } from "./request-log.ts";

/**
 * Parameters of a call, in the manner of GitLab's Grape API: query and body are one set, and text
 * is read as number, boolean or list where one is declared.
 */

export const text = z.string();

/** Text that may not be empty: `x is empty`. */
export const filled = z.string().min(1);

export const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);

/** Texts that Grape reads as true and false, without regard to case here. */
const yes = ["true", "t", "1", "yes", "y", "on"];
const no = ["false", "f", "0", "no", "n", "off"];

export const flag = z.union([
  z.boolean(),
  z
    .string()
    .toLowerCase()
    .pipe(z.enum([...yes, ...no]))
    .transform((given) => yes.includes(given)),
]);

/** A list, or one text with commas. */
export const list = z.union([
  z.array(z.string()),
  z.string().transform((given) =>
    given
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  ),
]);

/** A day, `YYYY-MM-DD`. */
export const day = z.iso.date();

/** Declares the parameters a call knows; any other is refused by `readInput`. */
export const parameters = z.strictObject;

/**
 * Parameters of every list; more than 100 rows a page are cut to 100. Who asks for keyset paging gets
 * pages by number: it follows the links all the same.
 */
export const paging = {
  page: integer.pipe(z.int().min(1)).default(1),
  per_page: integer
    .pipe(z.int().min(1))
    .default(20)
    .transform((given) => Math.min(given, 100)),
  pagination: z.enum(["legacy", "keyset"]).optional(),
};

/** The caller's parameters, checked and typed by one schema; faults become GitLab's 400. */
export function readInput<S extends z.ZodType>(request: FastifyRequest, schema: S): z.output<S> {
  const given = readGiven(request);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [unknown] = parsed.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [],
  );
  if (unknown) throw refusal.unknownField(routeTemplate(request), toName(unknown));
  const faults = parsed.error.issues.map((issue) => toFault(issue, given));
  throw refusal.parameters([...new Set(faults)]);
}

/** A path parameter as text, decoded. */
export function pathText(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** A path parameter that must be a number: `runner_id is invalid`. */
export function pathNumber(request: FastifyRequest, name: string): number {
  const given = pathText(request, name);
  if (!/^\d+$/.test(given)) throw refusal.parameters([`${name} is invalid`]);
  return Number(given);
}

/** Ways to give a token in the query, read by authentication alone. */
const credentials = ["private_token", "access_token", "job_token"];

function readGiven(request: FastifyRequest): Record<string, unknown> {
  const given = { ...(request.query as object), ...(request.body as object | undefined) };
  return Object.fromEntries(Object.entries(given).filter(([key]) => !credentials.includes(key)));
}

function toFault(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === "custom") return issue.message;
  const name = toName(issue.path);
  if (valueAt(given, issue.path) === undefined) return `${name} is missing`;
  if (isWrongChoice(issue)) return `${name} does not have a valid value`;
  if (issue.code === "too_small" && issue.origin === "string") return `${name} is empty`;
  return `${name} is invalid`;
}

/** True for a value outside a list of choices, also where several such lists are allowed. */
function isWrongChoice(issue: z.core.$ZodIssue): boolean {
  if (issue.code !== "invalid_union") return issue.code === "invalid_value";
  return issue.errors.flat().every((inner) => inner.code === "invalid_value");
}

function valueAt(given: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
}

/** `["actions", 0, "action"]` is named `actions[0][action]`; an item of a plain list by the list. */
function toName(path: PropertyKey[]): string {
  const last = path.at(-1);
  const [first, ...rest] = typeof last === "number" ? path.slice(0, -1) : path;
  return `${String(first)}${rest.map((key) => `[${String(key)}]`).join("")}`;
}
