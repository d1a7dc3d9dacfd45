import { expect, test } from "vitest";
import { ConfigError, type Fault } from "./config-error.ts";

const fault = (path: string): Fault => ({ path, message: 'is "x"', fix: "Give y." });

test("one fault makes one line", () => {
  const error = new ConfigError({
    code: "arguments",
    subject: 'Runner "arm64"',
    faults: [{ path: "tags", message: "is empty", fix: "Give a tag or set runUntagged: true." }],
  });
  expect(error.message).toBe('Runner "arm64": tags is empty. Give a tag or set runUntagged: true.');
  expect(error.code).toBe("arguments");
});

test("several faults make a bullet each", () => {
  const faults = [fault("a"), fault("b")];
  const { message } = new ConfigError({ code: "arguments", subject: "S", faults });
  expect(message).toBe('S: 2 faults.\n  - a is "x". Give y.\n  - b is "x". Give y.');
});

test("the sixth and later faults are counted, and still carried", () => {
  const faults = ["a", "b", "c", "d", "e", "f", "g"].map(fault);
  const error = new ConfigError({ code: "arguments", subject: "S", faults });
  expect(error.message.split("\n")).toHaveLength(7);
  expect(error.message).toMatch(/ {2}- and 2 more$/);
  expect(error.faults).toHaveLength(7);
});

test("a caller may have every fault listed", () => {
  const faults = ["a", "b", "c", "d", "e", "f", "g"].map(fault);
  const { message } = new ConfigError({ code: "configuration", subject: "S", faults, limit: 99 });
  expect(message.match(/^ {2}- [a-g] is/gm)).toHaveLength(7);
});
