import fc from "fast-check";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, it } from "vitest";
import { secret, unknownValue } from "../../test/support/mini-engine.ts";
import {
  fromWire,
  type JavaScriptObject,
  secretTexts,
  toWire,
  unknown,
  type Values,
} from "./wire.ts";

const name = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,9}$/);
const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(unknown));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(name, tie("value"), { maxKeys: 3 }),
  ),
}));
const bag = fc.dictionary(name, value, { maxKeys: 6 }) as fc.Arbitrary<Values>;

/** As protobuf carries it. */
function sent(values: Values): Values {
  return structProto.Struct.fromJavaScript(values as JavaScriptObject).toJavaScript() as Values;
}

function holdsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}

describe("a bag on the wire", () => {
  it("arrives as it left, with its secrets and unknown values", () => {
    fc.assert(
      fc.property(bag, fc.infiniteStream(fc.boolean()), (values, coin) => {
        const keys = Object.keys(values);
        const secrets = new Set(keys.filter(() => coin.next().value));
        const arrived = fromWire(sent(toWire(values, secrets)));
        expect(arrived.values).toEqual(values);
        expect(arrived.secrets).toEqual(secrets);
        expect(arrived.unknowns).toEqual(new Set(keys.filter((key) => holdsUnknown(values[key]))));
      }),
    );
  });

  it("leaves out what is not set", () => {
    expect(toWire({ a: undefined, b: null, c: { d: undefined, e: 1 } })).toEqual({ c: { e: 1 } });
    expect(fromWire({ a: null }).values).toEqual({});
  });
});

describe("what only the engine sends", () => {
  const signature = Object.keys(secret("")).find((key) => key !== "value") ?? "";
  const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
  const resource = "5cf8f73096256a8f31e491e813e4eb8e";

  it.each([
    ["a secret deep inside", { a: { b: [secret("x")] } }, { a: { b: ["x"] } }, ["a"], []],
    ["an output", { a: { [signature]: output, value: "x" } }, { a: "x" }, [], []],
    [
      "a secret output",
      { a: { [signature]: output, value: 1, secret: true } },
      { a: 1 },
      ["a"],
      [],
    ],
    ["an output not known yet", { a: { [signature]: output } }, { a: unknown }, [], ["a"]],
    ["an unknown secret", { a: secret(unknownValue) }, { a: unknown }, ["a"], ["a"]],
    ["a resource", { a: { [signature]: resource, urn: "u", id: "7" } }, { a: "7" }, [], []],
    [
      "a bridged provider's notes",
      { __defaults: ["a"], a: { __defaults: [], b: 1 } },
      { a: { b: 1 } },
      [],
      [],
    ],
  ])("is read: %s", (_, wire, values, secrets, unknowns) => {
    expect(fromWire(wire)).toEqual({
      values,
      secrets: new Set(secrets),
      unknowns: new Set(unknowns),
    });
  });

  it("is refused when it is a file", () => {
    const asset = { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "x" };
    expect(() => fromWire({ a: asset })).toThrow(TypeError);
  });
});

it("gives the texts to keep out of errors, too short ones apart", () => {
  const decoded = fromWire({ a: secret({ b: ["long-one", "abc"] }), c: "plain-text" });
  expect(secretTexts(decoded)).toEqual(["long-one"]);
});
