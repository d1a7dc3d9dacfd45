import { type Config, isConfig } from "./config.ts";

/** Lists that GitLab flattens before it looks at them; scripts are counted and flattened later. */
const lists = ["rules", "needs", "services", "cache"];

/** The configuration without the lists in lists that `!reference` makes in `rules` and the like. */
export function flattenLists(config: Config): Config {
  return flatten(mapValues(config, (value) => (isConfig(value) ? flatten(value) : value)));
}

function flatten(part: Config): Config {
  return mapValues(part, (value, key) =>
    lists.includes(key) && Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : value,
  );
}

function mapValues(part: Config, change: (value: unknown, key: string) => unknown): Config {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, change(value, key)]));
}
