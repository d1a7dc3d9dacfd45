import { type Config, ConfigInvalid, isConfig, Reference } from "./config.ts";

const deepest = 10;

/**
 * Puts what each `!reference` names in its place.
 *
 * @throws ConfigInvalid when the path is missing, circular or nested too deep.
 * @see https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags
 */
export function resolveReferences(config: Config): Config {
  return resolve(config, config, []) as Config;
}

function resolve(value: unknown, root: Config, seen: readonly string[]): unknown {
  if (value instanceof Reference) return follow(value, root, seen);
  if (Array.isArray(value)) return value.map((item) => resolve(item, root, seen));
  if (!isConfig(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item, root, seen)]),
  );
}

function follow({ path }: Reference, root: Config, seen: readonly string[]): unknown {
  const name = `!reference [${path.map((part) => JSON.stringify(part)).join(", ")}]`;
  if (seen.includes(name)) throw new ConfigInvalid(`${name} is part of a circular chain`);
  if (seen.length >= deepest) throw new ConfigInvalid(`${name} is nested too deep`);
  let found: unknown = root;
  for (const part of path) found = isConfig(found) ? found[String(part)] : undefined;
  if (found === undefined) throw new ConfigInvalid(`${name} could not be found`);
  return resolve(found, root, [...seen, name]);
}
