import { expect, it } from "vitest";
import { z } from "zod";
import { type Difference, diff, withReplaced } from "./diff.ts";
import { prop, sameParts, sameSet } from "./property.ts";
import { unknown, type Values } from "./wire.ts";

const inputs = {
  path: prop(z.string(), "", { replace: true }),
  key: prop(z.string(), "", { replace: "delete-first" }),
  size: prop(z.int().optional(), ""),
  tags: prop(z.array(z.string()).optional(), "", { same: sameSet }),
  message: prop(z.string().optional(), "", { passive: true }),
  policy: prop(z.object({ keep: z.int(), days: z.int().optional() }).optional(), "", {
    same: sameParts,
  }),
};
const state = {
  path: "p",
  key: "k",
  size: 1,
  tags: ["a", "b"],
  message: "m",
  policy: { keep: 5, days: 7 },
};

const update = { change: "update", replace: false };
const replace = { change: "update", replace: true };

it.each<[string, Values, object[], boolean]>([
  ["nothing changed", state, [], false],
  ["an input is no longer set", { path: "p", key: "k" }, [], false],
  ["only a passive input changed", { ...state, message: "n" }, [], false],
  ["a set was reordered", { ...state, tags: ["b", "a"] }, [], false],
  ["a set changed", { ...state, tags: ["b"] }, [{ property: "tags", ...update }], false],
  ["a part of an object is left to the server", { ...state, policy: { keep: 5 } }, [], false],
  [
    "a part of an object changed",
    { ...state, policy: { keep: 6 } },
    [{ property: "policy", ...update }],
    false,
  ],
  ["a value changed", { ...state, size: 2 }, [{ property: "size", ...update }], false],
  [
    "a value is not known yet",
    { ...state, size: unknown },
    [{ property: "size", ...update }],
    false,
  ],
  ["a name changed", { ...state, key: "l" }, [{ property: "key", ...replace }], true],
  ["a place changed", { ...state, path: "q" }, [{ property: "path", ...replace }], false],
  [
    "name and place changed, so that both can exist at once",
    { ...state, path: "q", key: "l" },
    [
      { property: "path", ...replace },
      { property: "key", ...replace },
    ],
    false,
  ],
])("when %s", (_, news, differences, deleteBeforeReplace) => {
  expect(diff(inputs, true, news, state)).toEqual({ differences, deleteBeforeReplace });
});

it("tells an input that is new from one that changed", () => {
  expect(diff(inputs, true, { size: 1, tags: ["a"] }, { size: 2 }).differences).toEqual([
    { property: "size", change: "update", replace: false },
    { property: "tags", change: "add", replace: false },
  ]);
});

it("replaces on any change, the old one first, when the kind cannot update", () => {
  expect(diff(inputs, false, { ...state, size: 2 }, state)).toEqual({
    differences: [{ property: "size", ...replace }],
    deleteBeforeReplace: true,
  });
});

it("shows what is due although no input changed, and replaces by a new object first", () => {
  const due: Difference[] = [{ property: "token", change: "update", replace: true }];
  expect(diff(inputs, true, state, state, due)).toEqual({
    differences: due,
    deleteBeforeReplace: false,
  });
});

it.each<[string, Values, readonly string[], boolean[], boolean]>([
  ["is replaced, the old one first", { ...state, size: 2 }, ["size"], [true], true],
  ["is not among them", { ...state, size: 2 }, [], [false], false],
  [
    "goes with a move, so that both can exist at once",
    { ...state, path: "q", size: 2 },
    ["size"],
    [true, true],
    false,
  ],
])("a change that the server cannot make in place %s", (_, news, names, replaced, first) => {
  const found = withReplaced(diff(inputs, true, news, state), names);
  expect(found.differences.map(({ replace }) => replace)).toEqual(replaced);
  expect(found.deleteBeforeReplace).toBe(first);
});
