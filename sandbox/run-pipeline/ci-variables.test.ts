import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  type CiVariable,
  redact,
  renderSecretsFile,
  renderVariablesFile,
  selectVariables,
} from "./ci-variables.ts";

const variable = (key: string, changes: Partial<CiVariable> = {}): CiVariable => ({
  key,
  value: `value of ${key}`,
  variable_type: "env_var",
  protected: false,
  masked: false,
  raw: true,
  environment_scope: "*",
  ...changes,
});

test("the project wins over its group, and the group over those above it", () => {
  const at = (value: string) => ["A", "B", "C"].map((key) => variable(key, { value }));
  const [a, b, c] = selectVariables({
    groups: [at("outer"), at("inner").slice(1)],
    project: at("project").slice(2),
    onProtectedBranch: true,
  });
  expect([a?.value, b?.value, c?.value]).toEqual(["outer", "inner", "project"]);
});

test.each([
  [true, ["OPEN", "CLOSED"]],
  [false, ["OPEN"]],
])("on a protected branch (%s) jobs get %j", (onProtectedBranch, keys) => {
  const project = [variable("OPEN"), variable("CLOSED", { protected: true })];
  const selected = selectVariables({ groups: [], project, onProtectedBranch });
  expect(selected.map(({ key }) => key)).toEqual(keys);
});

test("variables of an environment reach no job without one", () => {
  const project = [variable("A", { environment_scope: "production" })];
  expect(selectVariables({ groups: [], project, onProtectedBranch: true })).toEqual([]);
});

test("masked variables stand in the secrets' file alone", () => {
  const all = [variable("PLAIN"), variable("SECRET", { value: "hunter2", masked: true })];
  expect(renderVariablesFile(all)).not.toContain("hunter2");
  expect(renderSecretsFile(all)).toBe("SECRET=hunter2\n");
});

test("a dollar sign stands for itself in a raw variable only", () => {
  const all = [variable("RAW", { value: "$A" }), variable("COOKED", { value: "$A", raw: false })];
  expect(parse(renderVariablesFile(all))).toMatchObject({
    RAW: { values: { "*": "$$A" } },
    COOKED: { values: { "*": "$A" } },
  });
});

test("masked values are hidden wherever a line shows them", () => {
  const all = [
    variable("S", { value: "hunter2", masked: true }),
    variable("P", { value: "plain" }),
  ];
  expect(redact("plain hunter2hunter2", all)).toBe("plain [MASKED][MASKED]");
});
