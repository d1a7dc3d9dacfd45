import { describe, expect, it } from "vitest";
import { z } from "zod";
import { prop, sameSet } from "../kit/property.ts";
import { each, Fields } from "./fields.ts";

const fields = new Fields(
  {
    visibilityLevel: prop(z.enum(["private", "public"]).optional(), ""),
    description: prop(z.string().optional(), ""),
    topics: prop(z.array(z.string()).optional(), "", { same: sameSet }),
    depth: prop(z.int().optional(), ""),
    paid: prop(z.boolean().optional(), ""),
    policy: prop(z.object({ keep: z.int(), days: z.int().optional() }).optional(), ""),
    seed: prop(z.boolean().optional(), ""),
    archived: prop(z.boolean().optional(), ""),
    local: prop(z.boolean().optional(), ""),
  },
  {
    visibilityLevel: { name: "visibility" },
    policy: {
      to: ({ keep }: { keep: number }) => ({ keep_n: keep }),
      from: ({ keep_n, days }: { keep_n: number; days: number }) => ({ keep: keep_n, days }),
    },
    seed: { on: "create" },
    archived: { on: "elsewhere" },
    local: { on: "never" },
    ...each(["depth", "paid"], { on: "update" }),
  },
);

const inputs = {
  visibilityLevel: "private",
  depth: 1,
  paid: true,
  policy: { keep: 5 },
  seed: true,
  archived: true,
  local: true,
} as const;

it("creates with what is set and what a create takes", () => {
  expect(fields.toCreate(inputs)).toEqual({
    visibility: "private",
    policy: { keep_n: 5 },
    seed: true,
  });
});

describe("an update", () => {
  it("sends what differs and what the server has not told", () => {
    const there = { visibilityLevel: "public", depth: 1, policy: { keep: 5 } } as const;
    expect(fields.toUpdate(inputs, there)).toEqual({ visibility: "private", paid: true });
  });

  it("sends nothing for values that the server treats alike", () => {
    expect(fields.toUpdate({ topics: ["a", "b"] }, { topics: ["b", "a"] })).toEqual({});
  });
});

describe("a row", () => {
  const row = {
    visibility: "public",
    description: null,
    depth: null,
    policy: { keep_n: 7, days: 30 },
    archived: false,
    local: true,
  };

  it("is told by the properties' names, an empty text for a text that is not set", () => {
    expect(fields.fromRow(row)).toEqual({
      visibilityLevel: "public",
      description: "",
      depth: null,
      policy: { keep: 7, days: 30 },
      archived: false,
    });
  });

  it("tells of an object only the parts that are managed", () => {
    expect(fields.fromRow(row, { policy: { keep: 5 } }).policy).toEqual({ keep: 7 });
  });

  it("leaves out of a lookup what is not set", () => {
    expect(fields.toValues(row)).not.toHaveProperty("depth");
  });
});

it("knows what a create has left to an update, as far as the server does not tell", () => {
  expect(fields.notCreated({ depth: 20 })).toEqual({ paid: null });
});
