import { describe, expect, test } from "vitest";
import { findSecretPaths } from "./secret-paths.ts";

const encrypted = { secure: "v1:abc" };

function find(configuration: object, ...files: object[]) {
  const secrets = findSecretPaths(configuration as Record<string, unknown>, {
    namespace: "trunkline",
    isSecret: (key) => key === "trunkline:packages",
    name: "Pulumi.dev.yaml",
    configurations: files.map((packages) => ({ "trunkline:packages": packages })),
  });
  return secrets.list;
}

const packages = { ying: { tags: ["infra"], variables: { PORT: 8080, TOKEN: "hush-hush" } } };
const written = { ying: { tags: ["infra"], variables: { PORT: 8080, TOKEN: encrypted } } };
const unseenIn = "Pulumi.dev.yaml";

describe("the secrets below a key that has some", () => {
  test("are the values that the file has encrypted", () => {
    expect(find({ packages }, written)).toEqual([
      { path: ["packages", "ying", "variables", "TOKEN"] },
    ]);
  });

  test("are all of it when the file has it encrypted as a whole", () => {
    expect(find({ packages }, encrypted)).toEqual([{ path: ["packages"] }]);
  });

  test("are values that no file has in the clear, and those of another file", () => {
    const other = { ying: { tags: ["other"], variables: { PORT: 8080 } } };
    expect(find({ packages }, other)).toEqual([
      { path: ["packages", "ying", "tags", 0], unseenIn },
      { path: ["packages", "ying", "variables", "TOKEN"], unseenIn },
    ]);
    expect(find({ packages })).toEqual([{ path: ["packages"], unseenIn }]);
  });

  test("are in the clear in one of several files", () => {
    expect(find({ packages }, { ying: {} }, written)).toEqual([
      { path: ["packages", "ying", "variables", "TOKEN"] },
    ]);
  });

  test.each([["undefined"], ["null"], ["[object Object]"]])("may read %s", (value) => {
    const one = { ying: { variables: { TOKEN: value } } };
    const list = find({ packages: one }, { ying: { variables: { TOKEN: encrypted } } });
    expect(list).toEqual([{ path: ["packages", "ying", "variables", "TOKEN"] }]);
    expect(find({ packages: one }, { ying: { variables: {} } })).toHaveLength(1);
  });

  test("are none in what only looks encrypted", () => {
    const one = { ying: { variables: { secure: "a", other: "b" } } };
    expect(find({ packages: one }, one)).toEqual([]);
  });
});

test("a key without secrets has none, whatever the file says", () => {
  expect(find({ registry: "hush-hush" })).toEqual([]);
});
