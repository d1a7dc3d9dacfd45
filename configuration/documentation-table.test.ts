import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withConfigurationTable } from "./documentation-table.ts";

const document = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");

test("the documented configuration keys are the schema's (else: npm run docs:accept)", () => {
  expect(document).toBe(withConfigurationTable(document));
  expect(document).toContain(
    "| `trunkline:registry` | Where builder images are pushed: `host[:port][/path]`. |",
  );
});
