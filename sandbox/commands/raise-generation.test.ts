import { expect, test } from "vitest";
import { raiseGeneration } from "./raise-generation.ts";

const committed = `# The team's stack.
config:
  trunkline:runners:
    infra: { tags: [infra], concurrency: 2 }
    metal: # in rack 4
      tags:   [metal]
      generation: 7 # since May
    other:
      tags: [other]
`;

test.each([
  ["infra", "{ tags: [infra]", "{ generation: 2, tags: [infra]", 2],
  ["metal", "generation: 7", "generation: 8", 8],
  ["other", "tags: [other]", "generation: 2\n      tags: [other]", 2],
])("the generation of %s is raised, and nothing else changes", (runner, from, to, generation) => {
  expect(raiseGeneration(committed, runner)).toEqual({
    text: committed.replace(from, to),
    generation,
  });
});

test("a runner that is not declared is answered with those that are", () => {
  expect(() => raiseGeneration(committed, "gpu")).toThrow(
    'rotate: RUNNER "gpu" is not in trunkline:runners. Give one of infra, metal, other.',
  );
  expect(() => raiseGeneration("config: {}\n", "gpu")).toThrow("Declare a runner first.");
});
