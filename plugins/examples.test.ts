import { expect, it } from "vitest";
import { compile } from "../test/support/compile.ts";
import { aptly } from "./aptly/plugin.ts";
import { gitlab } from "./gitlab/plugin.ts";
import { typeName } from "./kit/kind.ts";
import type { Plugin } from "./kit/plugin.ts";
import { toSchema } from "./kit/schema.ts";

interface Described {
  readonly description: string;
}

/** The example of everything that a plugin declares, by the name that it has in the SDK. */
function examplesOf<Api>(plugin: Plugin<never, Api>): Record<string, string> {
  const { resources, functions } = toSchema(plugin) as Record<string, Record<string, Described>>;
  const described = Object.entries({ ...resources, ...functions });
  return Object.fromEntries(
    described.map(([token, { description }]) => [
      typeName(token),
      /^```typescript\n([\s\S]*?)^```/m.exec(description)?.[1] ?? "",
    ]),
  );
}

it.each([gitlab, aptly])("every kind and lookup of $name has an example of its use", (plugin) => {
  const unused = Object.entries(examplesOf(plugin as never))
    .filter(([name, text]) => !new RegExp(`\\b${plugin.name}\\.${name}(Output)?\\(`).test(text))
    .map(([name]) => name);
  expect(unused).toEqual([]);
});

// One run of the compiler, which takes longer than the examples themselves.
it("the examples compile against the SDKs", { timeout: 60_000 }, () => {
  const programs = [gitlab, aptly].flatMap((plugin) =>
    Object.entries(examplesOf(plugin as never)).map(([name, text]) => [
      `${plugin.name}-${name}`,
      text,
    ]),
  );
  expect(compile(import.meta.dirname, Object.fromEntries(programs))).toEqual([]);
});
