import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";

/** What the engine and the schema must know of a property beyond its type. */
export interface Flags<T = unknown> {
  /**
   * Changing it replaces the object. `"delete-first"` when the replacement takes the old one's name on
   * the server, so that both cannot exist at once.
   */
  readonly replace?: boolean | "delete-first";
  /** Its value is a secret in state and preview, whether or not the program marked it. */
  readonly secret?: boolean;
  /** The server fills it in when the program does not, so that it is always among the outputs. */
  readonly computed?: boolean;
  /**
   * An output that an update leaves as it is: always, or unless one of these inputs changes. A preview
   * then knows it. Default: an update may change it.
   */
  readonly stable?: true | readonly string[];
  /**
   * What an import makes of what is there: `secret` where it may be one and nobody has said so yet,
   * `omitted` where another property says the same. Default: an input as the program would write it.
   */
  readonly imported?: "secret" | "omitted";
  /** Matters only when something else is created or updated; changing it alone changes nothing. */
  readonly passive?: boolean;
  /** Two values that the server treats alike, such as a list without order. Default: deep equality. */
  same?(a: T, b: T): boolean;
}

export interface Property<T extends z.ZodType = z.ZodType> extends Flags<z.output<T>> {
  readonly type: T;
  readonly doc: string;
}

export type Properties = Readonly<Record<string, Property>>;

/** Declares one property: its zod type (optional and default included), its meaning, its flags. */
export function prop<T extends z.ZodType>(
  type: T,
  doc: string,
  flags: Flags<z.output<T>> = {},
): Property<T> {
  return { type, doc, ...flags };
}

type OptionalKeys<P extends Properties> = {
  [K in keyof P]: undefined extends z.output<P[K]["type"]> ? K : never;
}[keyof P];

/** The plain values of a set of properties; optional where the type admits undefined. */
export type ValuesOf<P extends Properties> = {
  readonly [K in Exclude<keyof P, OptionalKeys<P>>]: z.output<P[K]["type"]>;
} & { readonly [K in OptionalKeys<P>]?: z.output<P[K]["type"]> };

/** For `same`: lists that the server keeps as sets. */
export function sameSet(a?: readonly unknown[], b?: readonly unknown[]): boolean {
  return JSON.stringify([...(a ?? [])].sort()) === JSON.stringify([...(b ?? [])].sort());
}

/** For `same`: objects whose parts the program may leave to the server. */
export function sameParts(wanted: object = {}, found: object = {}): boolean {
  return Object.entries(wanted).every(([key, part]) =>
    isDeepStrictEqual(part, (found as Readonly<Record<string, unknown>>)[key]),
  );
}
