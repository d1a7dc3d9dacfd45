import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Where an error is no user's: a call that the engine never makes, and gRPC's own form of all others. */
const ours = ["kit/provider.ts", "kit/rpc-error.ts"];

/** It is told as a fault of the plugin, with a trace; ConfigError and ApiError are told as they are. */
it("a plain error is thrown for no mistake of a user's", () => {
  const folder = import.meta.dirname;
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const plain = sources.filter((file) =>
    /\bnew Error\(/.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(plain.sort()).toEqual(ours);
});
