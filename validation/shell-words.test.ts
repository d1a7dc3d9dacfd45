import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quoteForShell } from "./shell-words.ts";

it.each([
  ["-DWITH_ROS=ON", "'-DWITH_ROS=ON'"],
  ["", "''"],
  ["it's", "'it'\\''s'"],
  ["$(id) `id` \\", "'$(id) `id` \\'"],
])("writes %j as %s", (word, expected) => {
  expect(quoteForShell(word)).toBe(expected);
});

it("gives words that a POSIX shell reads back, whatever is in them", () => {
  // A NUL ends a word in every program's arguments.
  const words = fc.array(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")));
  fc.assert(
    fc.property(words, (list) => {
      const script = `for word in ${list.map(quoteForShell).join(" ")}; do printf '%s\\0' "$word"; done`;
      const read = execFileSync("sh", ["-c", script], { encoding: "utf8" });
      expect(read.split("\0").slice(0, -1)).toEqual(list);
    }),
    { numRuns: 25 },
  );
});
