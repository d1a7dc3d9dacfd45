import { describe, expect, test } from "vitest";
import { z } from "zod";
import { example, today } from "../test/support/configuration-example.ts";
import { ConfigError } from "../validation/config-error.ts";
import type { Path } from "../validation/shape-faults.ts";
import { readConfiguration } from "./configuration.ts";
import { toConfigPath } from "./faults.ts";
import { configurationSchema } from "./schema.ts";
import { type SecretPath, SecretPaths } from "./secrets.ts";

type Schema = z.core.JSONSchema.BaseSchema;

const planted = "hush-hush-1";
const names: Readonly<Record<string, string>> = {
  codename: "bookworm",
  runner: "infra",
  package: "ying",
};

/** The path of every value that a configuration can have, whatever its type, and of what holds others. */
function pathsOf(schema: Schema, path: Path = []): Path[] {
  const { anyOf, properties, additionalProperties: entry, items } = schema;
  const inner = [
    ...(anyOf ?? []).flatMap((form) => pathsOf(form, path).slice(1)),
    ...Object.entries(properties ?? {}).flatMap(([key, each]) => under(each, [...path, key])),
    ...under(entry, [...path, nameOf(entry)]),
    ...under(Array.isArray(items) ? undefined : items, [...path, 0]),
  ];
  return [path, ...inner];
}

function under(schema: Schema | boolean | undefined, path: Path): Path[] {
  return typeof schema === "object" ? pathsOf(schema, path) : [];
}

function nameOf(schema: Schema | boolean | undefined): string {
  const placeholder = typeof schema === "object" ? String(schema.placeholder) : "";
  return names[placeholder] ?? "NAME";
}

const all = pathsOf(z.toJSONSchema(configurationSchema, { io: "input" })).slice(1);
const paths = [...new Map(all.map((path) => [toConfigPath(path), path])).values()];

/** The configuration with a value at a path. */
function plant(path: Path, value: unknown = planted): Record<string, unknown> {
  const raw = structuredClone(example());
  let at: object = raw;
  path.slice(0, -1).forEach((part, index) => {
    const there = Reflect.get(at, part);
    const usable = typeof there === "object" && there !== null;
    const next = usable ? there : typeof path[index + 1] === "number" ? [] : {};
    Reflect.set(at, part, next);
    at = next;
  });
  Reflect.set(at, path.at(-1) ?? "", value);
  return raw;
}

function read(raw: Record<string, unknown>, ...list: SecretPath[]) {
  const secrets = new SecretPaths(list);
  try {
    return { configuration: readConfiguration(raw, { today, stack: "dev", secrets }), text: "" };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { faults: error.faults, text: error.message };
  }
}

/** Where a secret stays one: values of variables that GitLab has, and what goes to a runner's machine alone. */
const kept =
  /(?<!\.on\.bookworm\.)variables\.NAME$|variables\.NAME(\[0\])?\.value$|\.(cacheSecret|accessId|privateKey)$|\.advanced\.\w+\.NAME/;

describe("a secret in any key of the schema", () => {
  test.each(paths.map((path) => [toConfigPath(path), path] as const))(
    "%s is kept or refused by path",
    (written, path) => {
      const { faults = [], text } = read(plant(path), { path });
      expect(text).not.toContain(planted);
      const isRefused = faults.some(
        (fault) => fault.path === written && /secret/.test(fault.message),
      );
      expect(isRefused).toBe(!kept.test(written));
    },
  );

  test("is looked for in all of them", () => {
    const written = paths.map(toConfigPath);
    expect(written).toContain("trunkline:packages.ying.cmakeArguments[0]");
    expect(written).toContain("trunkline:packages.ying.variables.NAME[0].value");
    expect(written).toContain("trunkline:runners.infra.host.ssh.privateKey");
    expect(written.length).toBeGreaterThan(150);
  });
});

describe("a variable whose value is a secret", () => {
  const variables = (written: unknown, ...at: PropertyKey[]) => {
    const path = ["packages", "ying", "variables", "TOKEN", ...at];
    const result = read(plant(["packages", "ying", "variables", "TOKEN"], written), { path });
    return { ...result, variable: result.configuration?.packages.ying?.variables.TOKEN };
  };

  test.each([
    ["as a text", planted, []],
    ["as a whole", { value: planted }, ["value"]],
    ["in a list", [{ value: planted }], [0, "value"]],
  ])("is one, and masked: %s", (_, written, at) => {
    expect(variables(written, ...at).variable).toMatchObject([
      { value: planted, secret: true, masked: true, hidden: false },
    ]);
  });

  test("is one without a mask when the configuration says so", () => {
    const written = { value: "two\nlines", masked: false, file: true };
    expect(variables(written, "value").variable).toMatchObject([{ secret: true, masked: false }]);
  });

  test.each([
    ["two\nlines of text", /it has more than one line/],
    ["short", /it has fewer than 8 characters/],
    ["with a blank", /it has blanks/],
  ])("%j is refused with the reason why it cannot be masked", (value, why) => {
    const { faults, text } = variables(value);
    expect(faults).toEqual([
      expect.objectContaining({
        path: "trunkline:packages.ying.variables.TOKEN",
        message: expect.stringMatching(why),
      }),
    ]);
    expect(text).not.toContain(value);
  });

  test("cannot be said to be none", () => {
    const { faults } = variables({ value: planted, secret: false }, "value");
    expect(faults).toMatchObject([{ path: "trunkline:packages.ying.variables.TOKEN.secret" }]);
  });
});

describe("a secret as a whole", () => {
  test("is refused at the key, not at each name in it", () => {
    const path = ["packages"];
    const { faults } = read(example(), { path });
    expect(faults).toEqual([
      expect.objectContaining({
        path: "trunkline:packages",
        message: "is a secret as a whole, but the names in it are shown",
      }),
    ]);
  });
});

describe("a value that no file has in the clear, beside secrets", () => {
  const unseenIn = "Pulumi.dev.yaml";

  test("counts as a secret: one fault for all that cannot be one", () => {
    const raw = plant(["variables", "TOKEN"]);
    const { faults } = read(
      raw,
      { path: ["packages", "ying", "distributions", 0], unseenIn },
      { path: ["packages", "ying", "distributions", 1], unseenIn },
      { path: ["variables", "TOKEN"], unseenIn },
    );
    expect(faults).toEqual([
      {
        path: "trunkline:packages",
        message: expect.stringMatching(
          /in the clear in Pulumi\.dev\.yaml.*trunkline:packages\.ying\.distributions\[0\] and 1 more$/,
        ),
        fix: expect.stringContaining("PULUMI_OPTION_CONFIG_FILE"),
      },
    ]);
  });

  test("is a secret where it can be one", () => {
    const { configuration } = read(plant(["variables", "TOKEN"]), {
      path: ["variables", "TOKEN"],
      unseenIn,
    });
    expect(configuration?.variables.TOKEN).toMatchObject([{ secret: true, masked: true }]);
  });
});

test("rules that quote do not quote a secret", () => {
  const path = ["runners", "infra", "cache", "accessId"];
  const raw = plant(["runners", "infra", "cache"], { type: "s3", bucket: "b", accessId: planted });
  const { faults, text } = read(raw, { path });
  expect(faults).toMatchObject([{ message: "is missing for [secret]" }]);
  expect(text).not.toContain(planted);
});
