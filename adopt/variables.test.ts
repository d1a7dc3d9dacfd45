import { describe, expect, test } from "vitest";
import type { VariableRow } from "./gitlab-rows.ts";
import { toVariables } from "./variables.ts";

const plain: VariableRow = {
  key: "LEVEL",
  value: "debug",
  environment_scope: "*",
  masked: false,
  hidden: false,
  protected: false,
  raw: true,
  variable_type: "env_var",
  description: null,
};
const adopt = (...rows: Partial<VariableRow>[]) =>
  toVariables(
    rows.map((row) => ({ ...plain, ...row })),
    "infra/ying",
  );

describe("a variable of GitLab's", () => {
  test("is written as it is, without what is usual", () => {
    expect(adopt({})).toEqual({ entry: { LEVEL: { value: "debug" } }, secrets: [], remarks: [] });
  });

  test.each<[Partial<VariableRow>, object]>([
    [{ masked: true, value: "masked-value" }, {}],
    [{ protected: true }, { masked: false, protected: true }],
    [{ variable_type: "file" }, { masked: false, file: true }],
    [{ key: "UPLOAD_TOKEN" }, { masked: false }],
  ])("%j is a secret", (row, entry) => {
    const { key = "LEVEL", value = "debug" } = row;
    expect(adopt(row)).toEqual({
      entry: { [key]: entry },
      secrets: [{ path: [key, "value"], value }],
      remarks: [],
    });
  });

  test("of the pipelines' own is told of, unless a stack made it", () => {
    const key = "APTLY_URL";
    expect(adopt({ key }).remarks).toEqual([expect.stringContaining("it is left alone")]);
    const description = "Kept by Pulumi as packages-APTLY_URL of trunkline/prod";
    expect(adopt({ key, description })).toEqual({ entry: {}, secrets: [], remarks: [] });
  });

  test("with several scopes is a list, and each secret knows its place", () => {
    const adopted = adopt({}, { environment_scope: "review/*", protected: true });
    expect(adopted.entry).toEqual({
      LEVEL: [{ value: "debug" }, { masked: false, protected: true, environmentScope: "review/*" }],
    });
    expect(adopted.secrets).toEqual([{ path: ["LEVEL", 1, "value"], value: "debug" }]);
  });

  test("without a value is no secret", () => {
    expect(adopt({ value: "", protected: true }).entry).toEqual({
      LEVEL: { value: "", protected: true },
    });
  });

  test.each<[Partial<VariableRow>, string]>([
    [{ hidden: true, value: null }, "is hidden, so its value cannot be read"],
    [{ key: "APTLY_PASSWORD" }, "is a variable of the pipeline's own"],
    [{ masked: true, value: "short" }, "fewer than 8 characters"],
  ])("%j is left alone, with the reason and without the value", (row, reason) => {
    const { entry, secrets, remarks } = adopt(row);
    expect({ entry, secrets }).toEqual({ entry: {}, secrets: [] });
    expect(remarks).toEqual([expect.stringContaining(reason)]);
    expect(remarks[0]).not.toContain("short");
  });
});
