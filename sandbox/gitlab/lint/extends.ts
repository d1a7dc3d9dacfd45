import { type Config, ConfigInvalid, isConfig, mergeDeep } from "./config.ts";

const deepest = 10;

/**
 * Lays every job over the jobs that it extends.
 *
 * @throws ConfigInvalid when a base is missing, is no mapping, is too deep or extends back.
 * @see https://docs.gitlab.com/ci/yaml/#extends
 */
export function resolveExtends(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, resolve(config, name, value, [])]),
  );
}

function resolve(config: Config, name: string, value: unknown, chain: readonly string[]): unknown {
  if (!isConfig(value) || !("extends" in value)) return value;
  const bases = [value.extends].flat().map(String);
  refuse(
    name,
    bases.filter((base) => !(base in config)),
    "unknown keys",
  );
  refuse(
    name,
    bases.filter((base) => !isConfig(config[base])),
    "invalid base hashes",
  );
  if (chain.length > deepest) throw new ConfigInvalid(`${name}: nesting too deep in \`extends\``);
  if (chain.includes(name)) {
    throw new ConfigInvalid(`${name}: circular dependency detected in \`extends\``);
  }
  const merged = bases
    .map((base) => resolve(config, base, config[base], [...chain, name]))
    .reduce<Config>((below, base) => mergeDeep(below, isConfig(base) ? base : {}), {});
  return mergeDeep(merged, value);
}

function refuse(name: string, bases: readonly string[], what: string): void {
  if (bases.length === 0) return;
  throw new ConfigInvalid(`${name}: ${what} in \`extends\` (${bases.join(", ")})`);
}
