/** A parsed CI configuration, or a part of it, before anything is known about its shape. */
export type Config = Record<string, unknown>;

/** A configuration that cannot be looked at any further; the message is GitLab's. */
export class ConfigInvalid extends Error {
  override readonly name = "ConfigInvalid";
}

/** A `!reference [job, script]` that has not been followed yet. */
export class Reference {
  /** What stands behind the tag; a list of keys where it is valid. */
  readonly given: unknown;

  constructor(given: unknown) {
    this.given = given;
  }
}

/** Whether a value is a YAML mapping. */
export function isConfig(value: unknown): value is Config {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !(value instanceof Reference);
}

/** Whether a value is a list of strings. */
export function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/**
 * Lays one mapping over another: mappings are merged, anything else is replaced.
 *
 * @see https://docs.gitlab.com/ci/yaml/yaml_optimization/#merge-details
 */
export function mergeDeep(base: Config, over: Config): Config {
  const merged: Config = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isConfig(below) && isConfig(value) ? mergeDeep(below, value) : value;
  }
  return merged;
}
