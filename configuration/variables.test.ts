import { describe, expect, test } from "vitest";
import { example, faultsOf, today } from "../test/support/configuration-example.ts";
import { readConfiguration } from "./configuration.ts";

const inPackage = (variables: unknown) =>
  example({ packages: { ying: { distributions: ["bookworm"], variables } } });

const full = {
  value: "a value",
  secret: false,
  masked: false,
  hidden: false,
  protected: true,
  environmentScope: "review/*",
  raw: false,
  file: true,
  description: "For reviews",
};

describe("variables", () => {
  test.each([
    ["a text", "a value", [{ value: "a value" }]],
    ["an object", full, [full]],
    ["a list", [{ value: "a" }, full], [{ value: "a", environmentScope: "*" }, full]],
  ])("of a package and of the stack may be %s", (_, written, read) => {
    const raw = { ...inPackage({ A: written }), variables: { A: written } };
    const { packages, variables } = readConfiguration(raw, { today, stack: "dev" });
    expect(packages.ying?.variables.A).toMatchObject(read);
    expect(variables.A).toMatchObject(read);
  });

  test("are plain, unmasked and taken as they are unless more is said", () => {
    const { variables } = readConfiguration(example({ variables: { A: "a$b" } }), {
      today,
      stack: "dev",
    });
    expect(variables.A).toEqual([
      {
        value: "a$b",
        secret: false,
        masked: false,
        hidden: false,
        protected: false,
        environmentScope: "*",
        raw: true,
        file: false,
        description: "",
      },
    ]);
  });

  test.each([
    [
      { value: "long-enough", secret: true },
      { secret: true, masked: true },
    ],
    [
      { value: "long-enough", hidden: true },
      { secret: false, masked: true, hidden: true },
    ],
    [
      { value: "short", secret: true, masked: false },
      { secret: true, masked: false },
    ],
  ])("%j are masked as that asks for", (written, read) => {
    const raw = example({ variables: { A: written } });
    expect(readConfiguration(raw, { today, stack: "dev" }).variables.A).toMatchObject([read]);
  });
});

describe("a variable is refused", () => {
  const key = "trunkline:packages.ying.variables";

  test.each([
    ["of another type", { A: 7 }, `${key}.A`, /is 7$/, /a text, an object, or a list/],
    ["without value", { A: { raw: false } }, `${key}.A.value`, /is missing/, /a text/],
    [
      "with an unknown key",
      { A: { value: "a", mask: true } },
      `${key}.A.mask`,
      /unknown/,
      /"masked"/,
    ],
    [
      "with an unknown key in a list",
      { A: [{ value: "a", scope: "x" }] },
      `${key}.A[0].scope`,
      /unknown/,
      /environmentScope/,
    ],
    ["with no scope at all", { A: [] }, `${key}.A`, /is empty/, /at least 1/],
    [
      "with a wrong scope",
      { A: { value: "a", environmentScope: "a:b" } },
      `${key}.A.environmentScope`,
      /"a:b"/,
      /\*/,
    ],
    [
      "twice for a scope",
      { A: [{ value: "a" }, { value: "b", environmentScope: "*" }] },
      `${key}.A[1].environmentScope`,
      /twice/,
      /another scope/,
    ],
    [
      "hidden without a mask",
      { A: { value: "a", hidden: true, masked: false } },
      `${key}.A.masked`,
      /hidden is true/,
      /Remove/,
    ],
    [
      "that cannot be masked",
      { A: { value: "a b", masked: true } },
      `${key}.A.value`,
      /fewer than 8/,
      /masked: false/,
    ],
    [
      "of the pipeline's own",
      { CODENAME: "a" },
      `${key}.CODENAME`,
      /pipeline's own/,
      /another name/,
    ],
    [
      "that names an image",
      { BUILDER_IMAGE_TRIXIE: "a" },
      `${key}.BUILDER_IMAGE_TRIXIE`,
      /pipeline's own/,
      /another name/,
    ],
  ])("%s", (_, written, path, message, fix) => {
    expect(faultsOf(inPackage(written))).toEqual([
      { path, message: expect.stringMatching(message), fix: expect.stringMatching(fix) },
    ]);
    const inStack = faultsOf(example({ variables: written }));
    expect(inStack).toMatchObject([{ path: path.replace("packages.ying.", "") }]);
  });

  test("without showing the value that cannot be masked", () => {
    const faults = faultsOf(example({ variables: { A: { value: "hush", secret: true } } }));
    expect(JSON.stringify(faults)).not.toContain("hush");
  });
});
