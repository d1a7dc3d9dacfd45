import { type Config, ConfigInvalid, isConfig, mergeDeep } from "./config.ts";
import { parseYaml } from "./yaml.ts";

/** Reads a file of the project at the commit being linted; undefined when it is missing. */
export type ReadLocal = (path: string) => Promise<string | undefined>;

/** A configuration with everything it includes laid under it. */
export interface Included {
  config: Config;
  /** The local files taken in, in the order they were read. */
  locations: string[];
}

const most = 150;

/**
 * Takes in the local files named by `include`, and what they include in turn.
 *
 * @throws ConfigInvalid when a file is missing, or is included from elsewhere than the project.
 * @see https://docs.gitlab.com/ci/yaml/#include
 */
export async function resolveIncludes(config: Config, readLocal: ReadLocal): Promise<Included> {
  const locations: string[] = [];
  return { config: await expand(config), locations };

  async function expand({ include, ...own }: Config): Promise<Config> {
    if (include === undefined) return own;
    let base: Config = {};
    for (const item of [include].flat()) base = mergeDeep(base, await load(toLocation(item)));
    return mergeDeep(base, own);
  }

  async function load(location: string): Promise<Config> {
    const path = location.replace(/^\/+/, "");
    const text = await readLocal(path);
    if (text === undefined) throw new ConfigInvalid(`Local file \`${location}\` does not exist!`);
    locations.push(path);
    if (locations.length > most) {
      throw new ConfigInvalid(`Maximum of ${most} nested includes are allowed!`);
    }
    return expand(parseYaml(text));
  }
}

function toLocation(item: unknown): string {
  if (typeof item === "string" && !/^https?:/.test(item)) return item;
  if (isConfig(item) && typeof item.local === "string") return item.local;
  const kind = isConfig(item) ? Object.keys(item).join(", ") : String(item);
  throw new ConfigInvalid(`sandbox: include of "${kind}" is not implemented, only local files are`);
}
