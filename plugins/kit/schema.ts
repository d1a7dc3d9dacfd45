import { z } from "zod";
import { required } from "./check.ts";
import type { AnyKind, AnyLookup } from "./kind.ts";
import type { ConfigProperties, Plugin } from "./plugin.ts";
import type { Properties, Property } from "./property.ts";

type Json = Record<string, unknown>;

/** The part of a JSON Schema node that has a counterpart in a Pulumi schema. */
interface Node {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Node;
  readonly properties?: Record<string, Node>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | false;
  readonly description?: string;
}

/**
 * The Pulumi package schema of a plugin, from the declarations of its kinds.
 * https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
export function toSchema<C extends ConfigProperties, Api>(plugin: Plugin<C, Api>): Json {
  const types: Json = {};
  const writer = { types, package: plugin.name, sdk: plugin.sdk };
  const provider = bag(writer, plugin.config);
  return {
    name: plugin.name,
    version: plugin.version,
    description: plugin.doc,
    license: "Apache-2.0",
    // Tokens are `package:module/member:Type`, as bridged providers have them.
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    language: {
      nodejs: { packageName: plugin.sdk, respectSchemaVersion: true, typescriptVersion: "^6.0.0" },
    },
    config: { variables: provider.properties },
    provider: {
      description: plugin.doc,
      inputProperties: provider.properties,
      requiredInputs: [],
      properties: provider.properties,
    },
    resources: Object.fromEntries(plugin.kinds.map((kind) => [kind.token, resource(writer, kind)])),
    functions: Object.fromEntries(
      plugin.lookups.map((lookup) => [lookup.token, lookupSpec(writer, lookup)]),
    ),
    types,
  };
}

type Described = Pick<AnyKind<never>, "doc" | "example">;

interface Writer {
  readonly types: Json;
  readonly package: string;
  readonly sdk: string;
}

/** The meaning and the example, under the heading that the official providers' docs have. */
function toDescription({ package: name, sdk }: Writer, declared: Described): string {
  const imports = [
    'import * as pulumi from "@pulumi/pulumi";',
    `import * as ${name} from "${sdk}";`,
  ];
  const code = [...imports, "", declared.example.trim()];
  const fenced = ["```typescript", ...code, "```"].join("\n");
  return `${declared.doc}\n\n## Example Usage\n\n${fenced}`;
}

function resource<Api>(writer: Writer, kind: AnyKind<Api>): Json {
  const inputs = bag(writer, kind.inputs);
  const outputs = bag(writer, { ...kind.inputs, ...kind.outputs });
  const always = Object.keys(kind.outputs).filter((key) => isPresent(kind.outputs[key]));
  const optionalName = (keys: readonly string[]) => keys.filter((key) => key !== kind.autoName);
  return {
    description: toDescription(writer, kind),
    inputProperties: inputs.properties,
    requiredInputs: optionalName(inputs.required),
    properties: outputs.properties,
    required: [...Object.keys(kind.inputs).filter((key) => isPresent(kind.inputs[key])), ...always],
  };
}

function lookupSpec<Api>(writer: Writer, lookup: AnyLookup<Api>): Json {
  const outputs = bag(writer, { ...lookup.inputs, ...lookup.outputs });
  const inputs = bag(writer, lookup.inputs);
  return {
    description: toDescription(writer, lookup),
    inputs: { type: "object", properties: inputs.properties, required: inputs.required },
    outputs: {
      type: "object",
      properties: outputs.properties,
      required: Object.keys({ ...lookup.inputs, ...lookup.outputs }).filter((key) =>
        isPresent({ ...lookup.inputs, ...lookup.outputs }[key]),
      ),
    },
  };
}

/** Always there once the object exists: required, or filled by a default or by the server. */
function isPresent(property: Property | undefined): boolean {
  if (!property) return false;
  if (property.computed || required(property)) return true;
  return property.type.safeParse(undefined).data !== undefined;
}

function bag(writer: Writer, properties: Properties): { properties: Json; required: string[] } {
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, property]) => [key, propertySpec(writer, property)]),
    ),
    required: Object.keys(properties).filter((key) => {
      const property = properties[key];
      return property !== undefined && required(property);
    }),
  };
}

function propertySpec(writer: Writer, { type, doc, replace, secret }: Property): Json {
  const json = z.toJSONSchema(type, { io: "input", unrepresentable: "any" }) as Node & {
    $defs?: Record<string, Node>;
  };
  for (const [name, node] of Object.entries(json.$defs ?? {})) {
    writer.types[typeToken(writer, name)] ??= objectSpec(writer, node);
  }
  return {
    ...typeSpec(writer, json),
    description: doc,
    ...(secret && { secret: true }),
    ...(replace && { willReplaceOnChanges: true }),
  };
}

function objectSpec(writer: Writer, node: Node): Json {
  const properties = Object.entries(node.properties ?? {}).map(([key, child]) => [
    key,
    { ...typeSpec(writer, child), ...(child.description && { description: child.description }) },
  ]);
  return {
    type: "object",
    ...(node.description && { description: node.description }),
    properties: Object.fromEntries(properties),
    required: node.required ?? [],
  };
}

function typeSpec(writer: Writer, node: Node): Json {
  if (node.$ref) {
    const name = node.$ref.slice(node.$ref.lastIndexOf("/") + 1);
    return { $ref: `#/types/${typeToken(writer, name)}` };
  }
  switch (node.type) {
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return { type: node.type };
    case "array":
      return { type: "array", items: typeSpec(writer, node.items ?? {}) };
    case "object":
      if (node.additionalProperties) {
        return {
          type: "object",
          additionalProperties: typeSpec(writer, node.additionalProperties),
        };
      }
      throw new TypeError('an object type needs a name: give its zod type .meta({ id: "…" })');
    default:
      throw new TypeError(`no Pulumi type for ${JSON.stringify(node)}`);
  }
}

/** `GroupPushRules` is `gitlab:index/GroupPushRules:GroupPushRules`, the naming of bridged providers. */
function typeToken(writer: Writer, name: string): string {
  return `${writer.package}:index/${name}:${name}`;
}
