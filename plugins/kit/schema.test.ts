import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createShelf } from "../../test/support/shelf.ts";
import { prop } from "./property.ts";
import { toSchema } from "./schema.ts";

const { plugin } = createShelf();
const schema = toSchema(plugin) as {
  resources: Record<string, Record<string, unknown>>;
  functions: Record<string, { inputs: object; outputs: object }>;
  types: Record<string, object>;
};
const box = schema.resources["shelf:index/box:Box"];

describe("a kind in the schema", () => {
  it("demands what has no default", () => {
    expect(box?.requiredInputs).toEqual(["label"]);
  });

  it("promises what is always there, set by the program or the server", () => {
    expect(box?.required).toEqual(["label", "place", "weight", "key"]);
  });

  it("does not demand a name that is made up, and still promises it", () => {
    const crate = schema.resources["shelf:index/crate:Crate"];
    expect(crate).toMatchObject({ requiredInputs: [], required: ["name"] });
  });

  it("carries types, docs and flags", () => {
    expect(box?.inputProperties).toMatchObject({
      label: { type: "string", description: "What is written on it.", willReplaceOnChanges: true },
      weight: { type: "integer" },
      tags: { type: "array", items: { type: "string" } },
      lock: { $ref: "#/types/shelf:index/BoxLock:BoxLock" },
    });
    expect(box?.properties).toMatchObject({ key: { type: "string", secret: true } });
  });

  it("shows its use, with all that is imported", () => {
    const crate = schema.resources["shelf:index/crate:Crate"];
    expect(crate?.description).toBe(
      [
        "A crate; it is named and never changed.\n",
        "## Example Usage\n",
        "```typescript",
        'import * as pulumi from "@pulumi/pulumi";',
        'import * as shelf from "@example/shelf";\n',
        'new shelf.Crate("empty");',
        "```",
      ].join("\n"),
    );
  });

  it("has its object types described once, by name", () => {
    expect(schema.types).toEqual({
      "shelf:index/BoxLock:BoxLock": {
        type: "object",
        description: "How a box is locked.",
        properties: {
          code: { type: "string", description: "Opens it." },
          turns: { type: "integer" },
        },
        required: ["code"],
      },
    });
  });
});

it("gives a lookup's arguments back beside its results", () => {
  expect(schema.functions["shelf:index/getBox:getBox"]).toMatchObject({
    inputs: { required: ["label"] },
    outputs: { required: ["label", "found", "key"] },
  });
});

it("refuses an object type without a name", () => {
  const nameless = { ...plugin, config: { where: prop(z.object({ a: z.string() }), "") } };
  expect(() => toSchema(nameless as never)).toThrow(/needs a name/);
});
