import rpc from "@pulumi/pulumi/runtime/rpc.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** Stands for a value that a preview cannot know yet. */
export const unknown = Symbol("unknown");

export type Values = Record<string, unknown>;

/** A property bag as it came over the wire, with plain values and what was said about them beside it. */
export interface Decoded {
  readonly values: Values;
  /** Top-level properties that are, or contain, a secret. */
  readonly secrets: ReadonlySet<string>;
  /** Top-level properties that are, or contain, an unknown value. */
  readonly unknowns: ReadonlySet<string>;
}

/**
 * Bridged providers keep notes of their own in property bags (`__defaults`, `__meta`); state written by
 * the official plugin has them. They are not properties.
 */
const isNote = (key: string) => key.startsWith("__");

export function fromWire(bag: Values): Decoded {
  const secrets = new Set<string>();
  const unknowns = new Set<string>();
  const values: Values = {};
  for (const [key, raw] of Object.entries(bag)) {
    if (isNote(key)) continue;
    const value = plain(raw, {
      secret: () => secrets.add(key),
      unknown: () => unknowns.add(key),
    });
    if (value !== null && value !== undefined) values[key] = value;
  }
  return { values, secrets, unknowns };
}

interface Seen {
  secret(): void;
  unknown(): void;
}

function plain(raw: unknown, seen: Seen): unknown {
  if (raw === rpc.unknownValue) {
    seen.unknown();
    return unknown;
  }
  if (Array.isArray(raw)) return raw.map((item) => plain(item, seen));
  if (raw === null || typeof raw !== "object") return raw;
  const object = raw as Values;
  switch (object[rpc.specialSigKey]) {
    case undefined:
      return Object.fromEntries(
        Object.entries(object)
          .filter(([key]) => !isNote(key))
          .map(([key, value]) => [key, plain(value, seen)]),
      );
    case rpc.specialSecretSig:
      seen.secret();
      return plain(object.value, seen);
    case rpc.specialOutputValueSig:
      if (object.secret === true) seen.secret();
      return plain("value" in object ? object.value : rpc.unknownValue, seen);
    case rpc.specialResourceSig:
      return plain(object.id ?? object.urn, seen);
    default:
      throw new TypeError("assets and archives are not accepted here; give a string");
  }
}

/** The bag to send: undefined and null left out, unknowns and secrets in their wire form. */
export function toWire(values: Values, secrets: ReadonlySet<string> = new Set()): Values {
  const bag: Values = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const wire = withUnknowns(value);
    bag[key] = secrets.has(key) ? { [rpc.specialSigKey]: rpc.specialSecretSig, value: wire } : wire;
  }
  return bag;
}

function withUnknowns(value: unknown): unknown {
  if (value === unknown) return rpc.unknownValue;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && item !== null)
      .map(([key, item]) => [key, withUnknowns(item)]),
  );
}

/** Every text of at least 4 characters inside the secret properties of a bag, for redaction. */
export function secretTexts({ values, secrets }: Decoded): string[] {
  return [...secrets].flatMap((key) => texts(values[key])).filter((text) => text.length >= 4);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value !== null && typeof value === "object") return Object.values(value).flatMap(texts);
  return [];
}

/** What google-protobuf's Struct takes; a bag in wire form is one. */
export type JavaScriptObject = Parameters<typeof Struct.fromJavaScript>[0];
