import { type Config, ConfigInvalid, mergeDeep } from "./config.ts";
import { type Including, listWanted, type WantedFile } from "./include-items.ts";
import type { IncludeFacts, Source } from "./sources.ts";
import { parseYaml } from "./yaml.ts";

/** A file that was taken in. */
export interface IncludedFile extends WantedFile {
  /** The project that has it, at its commit. */
  source: Source;
  /** The project of the including file. */
  from: Source;
}

/** A configuration with everything it includes laid under it. */
export interface Included {
  config: Config;
  /** Files taken in: those of one file together, before what they include in turn. */
  files: IncludedFile[];
}

const most = 150;

/**
 * Takes in the files named by `include`, and what they include in turn: later files lie over earlier
 * ones, the including file over all of them.
 *
 * @throws ConfigInvalid for the first file that cannot be taken in, in GitLab's words.
 * @see https://docs.gitlab.com/ci/yaml/#include
 */
export async function resolveIncludes(config: Config, facts: IncludeFacts): Promise<Included> {
  const files: IncludedFile[] = [];
  let count = 0;
  return { config: await expand(config, { source: facts.own }), files };

  async function expand(own: Config, from: Including): Promise<Config> {
    const wanted = await listWanted(own.include, from, facts);
    if (wanted.length === 0) return own;
    const faults = wanted.map(checkLocation);
    const opened: (Source | ConfigInvalid)[] = [];
    for (const [at, file] of wanted.entries())
      opened.push(faults[at] ?? (await open(file, from.source)));
    // Each is read though one before it has a fault: what a nested file lacks is told first.
    const loaded: (Config | ConfigInvalid)[] = [];
    for (const [at, file] of wanted.entries()) loaded.push(await load(file, opened[at]));
    const { include: _followed, ...merged } = [...loaded.map(sound), own].reduce(mergeDeep, {});
    return merged;
  }

  function checkLocation({ path }: WantedFile): ConfigInvalid | undefined {
    count += 1;
    if (count > most) {
      throw new ConfigInvalid(`Maximum of ${most} nested includes are allowed!`);
    }
    if (/[^/]+\.ya?ml$/i.test(path)) return undefined;
    return new ConfigInvalid(`Included file \`${path}\` does not have YAML extension!`);
  }

  async function open(file: WantedFile, from: Source): Promise<Source | ConfigInvalid> {
    const source = await toSource(file, from, facts);
    if (!(source instanceof ConfigInvalid)) files.push({ ...file, source, from });
    return source;
  }

  async function load(
    file: WantedFile,
    source: Source | ConfigInvalid | undefined,
  ): Promise<Config | ConfigInvalid> {
    if (source === undefined || source instanceof ConfigInvalid) return source ?? {};
    const parsed = await readFile(file, source);
    if (parsed instanceof ConfigInvalid) return parsed;
    const config = await expand(parsed, { source, ...(!file.other && { path: file.path }) });
    if (Object.keys(config).length > 0) return config;
    return new ConfigInvalid(`Included file \`${file.path}\` does not have valid YAML syntax!`);
  }
}

function sound(part: Config | ConfigInvalid): Config {
  if (part instanceof ConfigInvalid) throw part;
  return part;
}

async function toSource(
  { other }: WantedFile,
  from: Source,
  facts: IncludeFacts,
): Promise<Source | ConfigInvalid> {
  if (other === undefined) return from;
  const { project, ref } = other;
  const source = await facts.open(project, ref);
  if (source === "denied")
    return new ConfigInvalid(
      `Project \`${project}\` not found or access denied! ` +
        "Make sure any includes in the pipeline configuration are correctly defined.",
    );
  if (source === "no ref")
    return new ConfigInvalid(`Project \`${project}\` reference \`${ref}\` does not exist!`);
  return source;
}

async function readFile(
  { path, other }: WantedFile,
  source: Source,
): Promise<Config | ConfigInvalid> {
  const text = await source.read(path);
  const name = other === undefined ? "Local" : `Project \`${other.project}\``;
  if (text === undefined) return new ConfigInvalid(`${name} file \`${path}\` does not exist!`);
  if (text.trim() === "") return new ConfigInvalid(`${name} file \`${path}\` is empty!`);
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof ConfigInvalid) return new ConfigInvalid(`\`${path}\`: ${error.message}`);
    throw error;
  }
}
