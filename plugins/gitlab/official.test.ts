import { describe, expect, it } from "vitest";
import official from "../../test/official/gitlab-properties.json" with { type: "json" };
import { toSchema } from "../kit/schema.ts";
import { gitlab } from "./plugin.ts";

/**
 * What the official provider declares, condensed: property to type. Programs and state written with this
 * plugin must fit it, so that the official package can take this one's place.
 */
interface OfficialKind {
  readonly inputs: Readonly<Record<string, string>>;
  readonly requiredInputs: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Outputs that are always there. */
  readonly always: readonly string[];
}

interface Spec {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Spec;
  readonly additionalProperties?: Spec;
  readonly secret?: boolean;
}

interface Bag {
  readonly properties: Readonly<Record<string, Spec>>;
  readonly required?: readonly string[];
}

interface Schema {
  readonly resources: Readonly<
    Record<
      string,
      Bag & {
        readonly inputProperties: Readonly<Record<string, Spec>>;
        readonly requiredInputs: readonly string[];
      }
    >
  >;
  readonly functions: Readonly<Record<string, { readonly inputs: Bag; readonly outputs: Bag }>>;
  readonly types: Readonly<Record<string, Bag>>;
}

const schema = toSchema(gitlab) as unknown as Schema;

/** Where this plugin says something else on purpose. */
const deviations: Readonly<Record<string, string>> = {
  "ProjectAccessToken.tokenId":
    "rotation gives a new number, which an update cannot put into the id",
};

function toType(spec: Spec | undefined): string | undefined {
  if (!spec) return undefined;
  if (spec.$ref) return spec.$ref.slice(spec.$ref.lastIndexOf(":") + 1);
  if (spec.items) return `${toType(spec.items)}[]`;
  if (spec.additionalProperties) return `{${toType(spec.additionalProperties)}}`;
  return spec.type;
}

const isSecret = (type: string | undefined) => type?.endsWith(" secret") ?? false;
const plain = (type: string | undefined) => type?.replace(" secret", "");

/** `Project.path: string, officially number`, for every property that is not the official one. */
function differences(
  where: string,
  ours: Readonly<Record<string, Spec>>,
  theirs: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(ours).flatMap(([name, spec]) => {
    const [mine, other] = [toType(spec), plain(theirs[name])];
    const exposed = isSecret(theirs[name]) && !spec.secret ? ["officially secret"] : [];
    const wrong = mine === other ? [] : [`${mine}, officially ${other}`];
    return [...exposed, ...wrong].map((text) => `${where}.${name}: ${text}`);
  });
}

function unexplained(found: readonly string[]): string[] {
  return found.filter((text) => !(text.slice(0, text.indexOf(":")) in deviations));
}

const nameOf = (token: string) => token.slice(token.lastIndexOf(":") + 1);
const resources = official.resources as Record<string, OfficialKind>;
const functions = official.functions as Record<string, OfficialKind>;
const types = official.types as Record<
  string,
  { properties: Record<string, string>; required: string[] }
>;

describe.each(Object.entries(schema.resources))("%s", (token, ours) => {
  const theirs = resources[token] ?? { inputs: {}, requiredInputs: [], outputs: {}, always: [] };
  const kind = nameOf(token);

  it("takes and gives the official properties", () => {
    const all = { ...theirs.inputs, ...theirs.outputs };
    expect(
      unexplained([
        ...differences(kind, ours.inputProperties, theirs.inputs),
        ...differences(kind, ours.properties, all),
      ]),
    ).toEqual([]);
  });

  it("demands what is officially demanded", () => {
    expect([...ours.requiredInputs].sort()).toEqual(theirs.requiredInputs);
  });

  it("promises no output that officially may be missing", () => {
    const promised = ours.required?.filter((name) => !theirs.always.includes(name)) ?? [];
    expect(unexplained(promised.map((name) => `${kind}.${name}: promised`))).toEqual([]);
  });
});

/** Functions that the official provider does not have; what calls them does without. */
const unofficial = ["gitlab:index/lintPipelines:lintPipelines"];
const functionsToo = Object.entries(schema.functions).filter(
  ([token]) => !unofficial.includes(token),
);

describe.each(functionsToo)("%s", (token, ours) => {
  const theirs = functions[token] ?? { inputs: {}, requiredInputs: [], outputs: {}, always: [] };
  const name = nameOf(token);

  it("takes and gives the official properties", () => {
    expect(
      unexplained([
        ...differences(name, ours.inputs.properties, theirs.inputs),
        ...differences(name, ours.outputs.properties, theirs.outputs),
      ]),
    ).toEqual([]);
    expect([...(ours.inputs.required ?? [])].sort()).toEqual(theirs.requiredInputs);
  });

  it("promises no result that officially may be missing", () => {
    const promised = ours.outputs.required?.filter((each) => !theirs.always.includes(each)) ?? [];
    expect(unexplained(promised.map((each) => `${name}.${each}: promised`))).toEqual([]);
  });
});

it("deviates only where that still is so", () => {
  const declared = Object.entries(schema.resources).flatMap(([token, { properties }]) =>
    Object.keys(properties)
      .filter((name) => resources[token]?.outputs[name] === undefined)
      .filter((name) => resources[token]?.inputs[name] === undefined)
      .map((name) => `${nameOf(token)}.${name}`),
  );
  expect(declared).toEqual(Object.keys(deviations));
});

const typesToo = Object.entries(schema.types).filter(
  ([token]) => !nameOf(token).startsWith("LintPipelines"),
);

it.each(typesToo)("%s has the official parts", (token, ours) => {
  const theirs = types[nameOf(token)];
  expect(
    unexplained(differences(nameOf(token), ours.properties, theirs?.properties ?? {})),
  ).toEqual([]);
  expect([...(ours.required ?? [])].sort()).toEqual(theirs?.required);
});
