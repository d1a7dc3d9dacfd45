import { type Config, ConfigInvalid, isConfig, isStringList, Reference } from "./config.ts";

/**
 * Puts what each `!reference` names in its place.
 *
 * @throws ConfigInvalid when the path is no list of keys, is missing or leads back to itself.
 * @see https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags
 */
export function resolveReferences(config: Config): Config {
  return resolve(config, config, []) as Config;
}

function resolve(value: unknown, root: Config, followed: readonly Reference[]): unknown {
  if (value instanceof Reference) return follow(value, root, followed);
  if (Array.isArray(value)) return value.map((item) => resolve(item, root, followed));
  if (!isConfig(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, root, followed)]),
  );
}

function follow(reference: Reference, root: Config, followed: readonly Reference[]): unknown {
  const { given } = reference;
  const name = `!reference ${inspect(given)}`;
  if (!isStringList(given) || given.length === 0) throw new ConfigInvalid(`${name} is not valid`);
  if (followed.includes(reference)) {
    throw new ConfigInvalid(`${name} is part of a circular chain`);
  }
  let found: unknown = root;
  for (const key of given) found = isConfig(found) ? found[key] : undefined;
  const value = resolve(found, root, [...followed, reference]);
  if (value == null || value === false) throw new ConfigInvalid(`${name} could not be found`);
  return value;
}

/** As Ruby shows it in a message. */
function inspect(given: unknown): string {
  if (!Array.isArray(given)) return JSON.stringify(given);
  return `[${given.map((part) => JSON.stringify(part)).join(", ")}]`;
}
