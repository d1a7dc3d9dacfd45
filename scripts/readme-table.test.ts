import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withConfigurationTable } from "./readme-table.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

test("the README's table of configuration keys is the schema's (else: npm run readme:accept)", () => {
  expect(readme).toBe(withConfigurationTable(readme));
  expect(readme).toContain("| `trunkline:group` | GitLab group that holds the projects. |");
});
