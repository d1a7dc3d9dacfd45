import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkProperties, toAutoName } from "./check.ts";
import { prop } from "./property.ts";
import { unknown, type Values } from "./wire.ts";

const properties = {
  path: prop(z.string(), ""),
  level: prop(z.enum(["low", "high"]).default("low"), ""),
  policy: prop(z.object({ keep: z.int() }).optional(), ""),
  token: prop(z.string().min(8, "must be 8 characters or more").optional(), "", { secret: true }),
};

function check(values: Values, { secrets = [""], unknowns = [""] } = {}) {
  return checkProperties(properties, {
    values,
    secrets: new Set(secrets),
    unknowns: new Set(unknowns),
  });
}

describe("inputs", () => {
  it("get their defaults", () => {
    expect(check({ path: "p" })).toEqual({ inputs: { path: "p", level: "low" }, failures: [] });
  });

  it("that are unknown in a preview pass unchecked", () => {
    expect(check({ path: unknown, level: unknown }, { unknowns: ["path", "level"] })).toEqual({
      inputs: { path: unknown, level: unknown },
      failures: [],
    });
  });

  it.each([
    ["a missing one", {}, "path", "path is missing. Set it."],
    ["an unknown name", { path: "p", paht: "q" }, "paht", '"paht" is not a property. Use one of'],
    ["a wrong type", { path: 7 }, "path", ", got 7."],
    ["a word not on the list", { path: "p", level: "mid" }, "level", ', got "mid".'],
    ["a fault inside an object", { path: "p", policy: { keep: "x" } }, "policy.keep", ', got "x".'],
    ["a secret", { path: "p", token: "short" }, "token", "8 characters or more, got [secret]."],
  ])("with faults are named: %s", (_, values, property, reason) => {
    expect(check(values).failures).toEqual([{ property, reason: expect.stringContaining(reason) }]);
  });

  it("that the program calls secret are not shown either", () => {
    const { failures } = check({ path: 4711 }, { secrets: ["path"] });
    expect(failures[0]?.reason).toContain("[secret]");
    expect(failures[0]?.reason).not.toContain("4711");
  });
});

it("makes the same automatic name from the same seed", () => {
  const seed = new Uint8Array([0xab, 0xcd, 0xef, 0x12, 0x34]);
  expect(toAutoName("ying", seed)).toBe("ying-abcdef1");
});
