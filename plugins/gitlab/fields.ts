import { isDeepStrictEqual } from "node:util";
import { toSnakeCase } from "../../validation/snake-case.ts";
import type { Observed } from "../kit/kind.ts";
import type { Properties, ValuesOf } from "../kit/property.ts";
import type { Values } from "../kit/wire.ts";

/** How a property travels when that is not by its own name in snake case, as it is, in every call. */
export interface Field {
  /** Name in GitLab's API. Default: the property's in snake case. */
  readonly name?: string;
  /**
   * The only call that takes it; `elsewhere` when a call of its own does, `never` when it is between the
   * program and the plugin. Default: create and update.
   */
  readonly on?: "create" | "update" | "elsewhere" | "never";
  to?(value: never): unknown;
  from?(value: never): unknown;
}

type FieldMap<P extends Properties> = { readonly [K in keyof P]?: Field };

/** The fields of a kind with many of them, between properties and GitLab's rows. */
export class Fields<P extends Properties> {
  readonly #properties: P;
  readonly #special: FieldMap<P>;

  constructor(properties: P, special: FieldMap<P> = {}) {
    this.#properties = properties;
    this.#special = special;
  }

  /** The body of a create: what the program set. */
  toCreate(inputs: Partial<ValuesOf<P>>): Values {
    return this.#toRow(inputs, "create", () => true);
  }

  /** The body of an update: what the program set that is not there already. */
  toUpdate(inputs: Partial<ValuesOf<P>>, there: Observed<ValuesOf<P>>): Values {
    return this.#toRow(inputs, "update", (key, wanted) => {
      const found = (there as Values)[key];
      const same = this.#properties[key]?.same as ((a: unknown, b: unknown) => boolean) | undefined;
      if (found === undefined || found === null) return true;
      return !(same?.(wanted, found) ?? isDeepStrictEqual(wanted, found));
    });
  }

  /** Whether what is there is what a create was asked for, as far as it is told. */
  isAsCreated(inputs: Partial<ValuesOf<P>>, there: Observed<ValuesOf<P>>): boolean {
    const told = Object.entries(inputs).filter(([key]) => (there as Values)[key] !== undefined);
    const wanted = Object.fromEntries(told) as Partial<ValuesOf<P>>;
    const created = this.toCreate(wanted);
    return Object.keys(this.toUpdate(wanted, there)).every((field) => !(field in created));
  }

  /**
   * What a row tells. Of an object, only the parts that `prior` has: those that the program leaves out are
   * the server's own.
   */
  fromRow(row: object, prior: Partial<ValuesOf<P>> = {}): Observed<ValuesOf<P>> {
    const told = Object.keys(this.#properties).flatMap((key) => {
      const value = this.#read(key, (row as Values)[this.#name(key)]);
      return value === undefined ? [] : [[key, narrow(value, (prior as Values)[key])] as const];
    });
    return Object.fromEntries(told) as Observed<ValuesOf<P>>;
  }

  /** What a row tells, with what is not set left out; for lookups. */
  toValues(row: object): ValuesOf<P> {
    const told = Object.entries(this.fromRow(row)).filter(([, value]) => value !== null);
    return Object.fromEntries(told) as ValuesOf<P>;
  }

  /** Properties that only an update takes and a row has not told: not there yet after a create. */
  notCreated(told: Observed<ValuesOf<P>>): Observed<ValuesOf<P>> {
    const missing = Object.keys(this.#properties).filter(
      (key) => this.#special[key]?.on === "update" && (told as Values)[key] === undefined,
    );
    return Object.fromEntries(missing.map((key) => [key, null])) as Observed<ValuesOf<P>>;
  }

  #toRow(
    inputs: Partial<ValuesOf<P>>,
    call: "create" | "update",
    sends: (key: keyof P & string, value: unknown) => boolean,
  ): Values {
    const row: Values = {};
    for (const [key, value] of Object.entries(inputs)) {
      const { on = call, to = asIs }: Field = this.#special[key] ?? {};
      if (value === undefined || on !== call || !sends(key, value)) continue;
      const sent = to(value as never);
      if (sent !== undefined) row[this.#name(key)] = sent;
    }
    return row;
  }

  #read(key: string, value: unknown): unknown {
    const { on, from = asIs }: Field = this.#special[key] ?? {};
    if (value === undefined || on === "never") return undefined;
    // GitLab tells an empty text as null.
    if (value === null && this.#properties[key]?.type.safeParse("").success) return "";
    return from(value as never);
  }

  #name(key: string): string {
    return this.#special[key]?.name ?? toSnakeCase(key);
  }
}

/** The same exception for several properties. */
export function each<const K extends string>(
  keys: readonly K[],
  field: Field,
): { readonly [Key in K]: Field } {
  return Object.fromEntries(keys.map((key) => [key, field])) as { [Key in K]: Field };
}

function asIs(value: unknown): unknown {
  return value;
}

function narrow(value: unknown, prior: unknown): unknown {
  if (!isObject(value) || !isObject(prior)) return value;
  const parts = Object.entries(prior).map(([key, part]) => [key, value[key] ?? part]);
  return Object.fromEntries(parts);
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
