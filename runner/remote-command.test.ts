import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderRemoteCommand } from "./remote-command.ts";

const printWords = `for word; do printf '%s\\0' "$word"; done`;

test("a script gets its words as they are, whatever is in them", () => {
  const word = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(fc.array(word.filter(isWellFormed), { minLength: 1, maxLength: 4 }), (words) => {
      const line = renderRemoteCommand(printWords, words, { sudo: false });
      const printed = execFileSync("sh", ["-c", line], { encoding: "utf8" });
      expect(printed.split("\0").slice(0, -1)).toEqual(words);
    }),
    { numRuns: 50 },
  );
});

test("a script may have quotes of its own, and reads standard input", () => {
  const line = renderRemoteCommand(`echo "it's $1: $(cat)"`, ["given"], { sudo: false });
  expect(execFileSync("sh", ["-c", line], { input: "secret", encoding: "utf8" })).toBe(
    "it's given: secret\n",
  );
});

test("sudo never waits for a password", () => {
  expect(renderRemoteCommand("id", [], { sudo: true })).toMatch(/^sudo -n 'sh' /);
});

function isWellFormed(text: string): boolean {
  return Buffer.from(text, "utf8").toString("utf8") === text;
}
