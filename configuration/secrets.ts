import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import type { Path } from "../validation/shape-faults.ts";
import { toConfigPath } from "./faults.ts";
import { configurationSchema } from "./schema.ts";

/** A value that is a secret, or has to count as one. */
export interface SecretPath {
  /** From below the namespace on: `["packages", "datahook", "variables", "TOKEN"]`. */
  readonly path: Path;
  /** What does not have the value in the clear, where nothing says that it is a secret. */
  readonly unseenIn?: string;
}

/** The values of a configuration that are secrets. */
export class SecretPaths {
  readonly list: readonly SecretPath[];
  readonly #known: ReadonlySet<string>;

  constructor(list: readonly SecretPath[] = []) {
    this.list = list;
    this.#known = new Set(list.map(({ path }) => toConfigPath(path)));
  }

  has(path: Path): boolean {
    return this.#known.has(toConfigPath(path));
  }
}

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * Every secret where none can be kept. The schema says where one can: `keepsSecret`, with all below it;
 * `shownIn` says where a value is to be seen.
 */
export function checkSecrets(raw: unknown, secrets: SecretPaths): Fault[] {
  if (secrets.list.length === 0) return [];
  const root = z.toJSONSchema(configurationSchema, { io: "input" });
  const refused = secrets.list.filter(({ path }) => isRefused(root, raw, path));
  const unseen = refused.filter(({ unseenIn }) => unseenIn !== undefined);
  return [
    ...refused
      .filter(({ unseenIn }) => unseenIn === undefined)
      .map(({ path }) => toFault(path, shownIn(trailOf(root, path)), valueAt(raw, path))),
    ...new Set(unseen.map(({ path }) => path[0] ?? "")),
  ].map((each) => (typeof each === "object" ? each : toUnseenFault(each, unseen)));
}

/** A key that the schema does not have is an unknown one, which is told without its value. */
function isRefused(root: Schema, raw: unknown, path: Path): boolean {
  const trail = trailOf(root, path);
  const forms = trail.at(-1) ?? [];
  const isKept = forms.some(({ keepsSecret }) => keepsSecret === true);
  return forms.length > 0 && !(isKept && typeof valueAt(raw, path) === "string");
}

function toFault(path: Path, place: string | undefined, value: unknown): Fault {
  if (typeof value === "object") {
    return {
      path: toConfigPath(path),
      message: "is a secret as a whole, but the names in it are shown",
      fix: "Set it with --plaintext, and the secret values in it one by one with pulumi config set --secret --path.",
    };
  }
  const shown = place ?? "its value is shown in GitLab, on aptly's server or in committed files";
  return {
    path: toConfigPath(path),
    message: `is a secret, but ${shown}`,
    fix: "Set it with --plaintext, or have the secret under variables, which GitLab masks.",
  };
}

/** One fault for a key of the configuration, since most of its values may be among these. */
function toUnseenFault(key: PropertyKey, unseen: readonly SecretPath[]): Fault {
  const own = unseen.filter(({ path }) => path[0] === key);
  const [first] = own;
  const more = own.length === 1 ? "" : ` and ${own.length - 1} more`;
  return {
    path: toConfigPath([key]),
    message: `has secrets, and what is not in the clear in ${first?.unseenIn} counts as one: ${toConfigPath(first?.path ?? [key])}${more}`,
    fix: "Write these values into that file; use the environment variable PULUMI_OPTION_CONFIG_FILE in place of --config-file.",
  };
}

/** What the schema has at each step of a path: several forms where a value may have one of them. */
function trailOf(root: Schema, path: Path): Schema[][] {
  const trail = [formsOf(root)];
  for (const part of path) {
    trail.push((trail.at(-1) ?? []).flatMap((schema) => step(schema, part)));
  }
  return trail;
}

function step(schema: Schema, part: PropertyKey): Schema[] {
  // Of a text nothing is below, although another form of the same value may have something there.
  if (schema.keepsSecret === true && schema.type !== "string") return [schema];
  const { items, properties, additionalProperties } = schema;
  const inner =
    typeof part === "number" ? items : (properties?.[String(part)] ?? additionalProperties);
  return typeof inner === "object" && !Array.isArray(inner) ? formsOf(inner) : [];
}

function formsOf(schema: Schema): Schema[] {
  return schema.anyOf ? [schema, ...schema.anyOf.flatMap(formsOf)] : [schema];
}

function shownIn(trail: readonly Schema[][]): string | undefined {
  const places = trail.flat().map((schema) => schema.shownIn);
  return places.findLast((place) => typeof place === "string");
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined,
    raw,
  );
}

/** Faults with the secrets' texts left out, for rules that quote what they refuse. */
export function withoutSecrets(
  faults: readonly Fault[],
  raw: unknown,
  secrets: SecretPaths,
): Fault[] {
  const texts = secrets.list.map(({ path }) => String(valueAt(raw, path)));
  const hide = (sentence: string) =>
    texts.reduce((hidden, text) => hidden.replaceAll(`"${text}"`, "[secret]"), sentence);
  return faults.map(({ path, message, fix }) => ({ path, message: hide(message), fix: hide(fix) }));
}
