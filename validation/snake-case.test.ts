import fc from "fast-check";
import { expect, it } from "vitest";
import { toSnakeCase } from "./snake-case.ts";

it.each([
  ["ciDefaultGitDepth", "ci_default_git_depth"],
  ["name", "name"],
  ["before_script", "before_script"],
  ["sha256Sum", "sha256_sum"],
])("writes %s as %s", (name, expected) => {
  expect(toSnakeCase(name)).toBe(expected);
});

it("tells names apart that differ, and is done after once", () => {
  const toCamelCase = (name: string) =>
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const names = fc.stringMatching(/^[a-z][a-zA-Z0-9]*$/);
  fc.assert(
    fc.property(names, (name) => {
      const snake = toSnakeCase(name);
      expect(snake).toBe(snake.toLowerCase());
      expect(toSnakeCase(snake)).toBe(snake);
      expect(toCamelCase(snake)).toBe(name);
    }),
  );
});
