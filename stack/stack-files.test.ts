import { describe, expect, test } from "vitest";
import { readStackFiles } from "./stack-files.ts";

function read(files: Readonly<Record<string, string>>, more: object = {}) {
  const { configurations } = readStackFiles({
    stack: "dev",
    folders: ["rootDirectory", "/team/stack/program"],
    readFile: (path) => files[path],
    ...more,
  });
  return configurations;
}

const dev = "config: { trunkline:group: infra }";
const found = [{ "trunkline:group": "infra" }];

describe("a stack's file", () => {
  test.each([
    [
      "beside the project's",
      { "/team/stack/Pulumi.yaml": "name: a", "/team/stack/Pulumi.dev.yaml": dev },
    ],
    [
      "with the ending of the project's",
      { "/team/Pulumi.yml": "name: a", "/team/Pulumi.dev.yml": dev },
    ],
    [
      "where the project says",
      { "/team/Pulumi.yaml": "stackConfigDir: stacks", "/team/stacks/Pulumi.dev.yaml": dev },
    ],
    [
      "where an older project says",
      { "/team/Pulumi.yaml": "config: stacks", "/team/stacks/Pulumi.dev.yaml": dev },
    ],
  ])("is found %s", (_, files) => {
    expect(read(files)).toEqual(found);
  });

  test("is the one that Pulumi was told to take instead", () => {
    const files = {
      "/team/stack/program/other.yaml": dev,
      "/team/stack/Pulumi.yaml": "name: a",
      "/team/stack/Pulumi.dev.yaml": "config: { trunkline:group: other }",
    };
    expect(read(files, { configFile: "other.yaml" })).toEqual(found);
  });

  test("may be missing, empty or broken", () => {
    expect(read({})).toEqual([]);
    expect(read({ "/team/Pulumi.yaml": "name: a", "/team/Pulumi.dev.yaml": "" })).toEqual([]);
    expect(read({ "/team/Pulumi.yaml": "name: a", "/team/Pulumi.dev.yaml": "{" })).toEqual([]);
  });

  test("may merge what it names once", () => {
    const merged = "x: &x { a: 1 }\nconfig: { trunkline:b: { <<: *x, c: 2 } }";
    const files = { "/team/Pulumi.yaml": "name: a", "/team/Pulumi.dev.yaml": merged };
    expect(read(files)).toEqual([{ "trunkline:b": { a: 1, c: 2 } }]);
  });
});
