import { describe, expect, it } from "vitest";
import { z } from "zod";
import { foreseeCreate, foreseeUpdate } from "./foresee.ts";
import { prop } from "./property.ts";
import { unknown } from "./wire.ts";

const kind = {
  inputs: {
    path: prop(z.string(), "…"),
    name: prop(z.string().optional(), "…", { computed: true }),
    tags: prop(z.array(z.string()).optional(), "…", {
      same: (a, b) => [...(a ?? [])].sort().join() === [...(b ?? [])].sort().join(),
    }),
  },
  outputs: {
    url: prop(z.string(), "…", { stable: ["path", "tags"] }),
    token: prop(z.string(), "…", { stable: true }),
    version: prop(z.string(), "…"),
  },
};

const state = { path: "a", name: "A", tags: ["x", "y"], url: "/a", token: "t", version: "1" };

describe("what a preview knows of an object", () => {
  it("to be created: its inputs, and nothing that the server will tell", () => {
    const outputs = { url: unknown, token: unknown, version: unknown };
    expect(foreseeCreate(kind, { path: "a" })).toEqual({ path: "a", name: unknown, ...outputs });
    expect(foreseeCreate(kind, { path: "a", name: "A" }).name).toBe("A");
  });

  it("to be updated: outputs that this update leaves as they are", () => {
    const news = { path: "a", name: "B", tags: ["y", "x"] };
    expect(foreseeUpdate(kind, state, news)).toEqual({ ...state, ...news, version: unknown });
  });

  it("to be updated: not an output that hangs on a changed or unknown input", () => {
    expect(foreseeUpdate(kind, state, { path: "b" }).url).toBe(unknown);
    expect(foreseeUpdate(kind, state, { path: unknown }).url).toBe(unknown);
    expect(foreseeUpdate(kind, state, { path: "b" }).token).toBe("t");
  });
});
