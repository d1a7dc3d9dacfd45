import { type Config, ConfigInvalid, isConfig } from "./config.ts";
import { checkIncludeRules } from "./include-rules.ts";
import type { IncludeFacts, Source } from "./sources.ts";

/** A file that is wanted, of the including file's own project or of another one. */
export interface WantedFile {
  /** Path without leading slashes. */
  path: string;
  /** The other project; absent for a local file. */
  other?: { project: string; ref: string };
}

/** The file that includes. */
export interface Including {
  source: Source;
  /** Its path where it was included as a local file itself; wildcards leave it out. */
  path?: string;
}

const kinds = ["local", "project", "remote", "template", "artifact", "component"] as const;

/**
 * The files that `include` names, rules asked, wildcards and variables worked in, in GitLab's order.
 *
 * @throws ConfigInvalid when an item cannot be read or is not followed here.
 * @see https://docs.gitlab.com/ci/yaml/#include
 */
export async function listWanted(
  include: unknown,
  from: Including,
  facts: IncludeFacts,
): Promise<WantedFile[]> {
  const items = [include].flat().filter((item) => item != null);
  const wanted: WantedFile[] = [];
  for (const item of items.map((each) => normalize(each, facts))) {
    checkIncludeRules(item.rules);
    if (item.rules != null && !(await facts.admits(item.rules, from.source))) continue;
    for (const each of await spread(item, from)) wanted.push(toWanted(each, facts));
  }
  return wanted;
}

function normalize(item: unknown, facts: IncludeFacts): Config {
  if (isConfig(item)) return item;
  if (typeof item !== "string") throw new ConfigInvalid("Each include must be a hash or a string");
  const location = fill(item, facts);
  return /^\s*(https?|ssh|git):/.test(location) ? { remote: location } : { local: location };
}

/** One item for each file. */
async function spread(item: Config, { source, path }: Including): Promise<Config[]> {
  if (item.project != null && item.project !== "") {
    const files = [item.file].flat().filter((file) => file != null && file !== "");
    if (files.length > 0) return files.map((file) => ({ ...item, file }));
    throw new ConfigInvalid("include config must specify the file where to fetch the config from");
  }
  if (typeof item.local !== "string" || !item.local.includes("*")) return [item];
  const pattern = toPattern(withoutSlashes(item.local));
  const found = (await source.list()).filter((file) => pattern.test(file) && file !== path);
  return found.map((local) => ({ ...item, local }));
}

/** `*` stays within a folder, `**` crosses folders. */
function toPattern(wildcard: string): RegExp {
  const source = wildcard.replaceAll(/\*\*|\*|[.+?^$(){}|[\]\\]/g, (part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^/]*" : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function toWanted(item: Config, facts: IncludeFacts): WantedFile {
  const named = kinds.filter((kind) => item[kind] != null && item[kind] !== "");
  const [kind] = named;
  if (kind === undefined) {
    throw new ConfigInvalid(
      `\`${JSON.stringify(item)}\` does not have a valid subkey for include. ` +
        `Valid subkeys are: \`${kinds.join("`, `")}\``,
    );
  }
  if (named.length > 1) {
    throw new ConfigInvalid(`Each include must use only one of: \`${kinds.join("`, `")}\``);
  }
  if (kind !== "local" && kind !== "project") throw notFollowed(kind);
  if (item.inputs != null) throw notFollowed("inputs");
  const text = (value: unknown) => fill(toText(value), facts);
  if (kind === "local") return { path: withoutSlashes(text(item.local)) };
  const project = text([item.project].flat()[0]).toLowerCase();
  const ref = item.ref == null ? "HEAD" : text(item.ref);
  return { path: withoutSlashes(text(item.file)), other: { project, ref } };
}

function notFollowed(keyword: string): ConfigInvalid {
  return new ConfigInvalid(
    `sandbox: include:${keyword} is not followed, only files of this GitLab's own projects are. ` +
      "Leave it out, or try it on a GitLab.",
  );
}

function toText(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return `${value}`;
  throw new ConfigInvalid(`Included file \`${JSON.stringify(value)}\` needs to be a string`);
}

/** What is not set is empty here, otherwise than in scripts. */
function fill(text: string, { read }: IncludeFacts): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)\})/g,
    (_, plain?: string, braced?: string) => read(plain ?? braced ?? "") ?? "",
  );
}

function withoutSlashes(path: string): string {
  return path.replace(/^\/+/, "");
}
