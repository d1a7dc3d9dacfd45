import type { Configuration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import { publicKey } from "../image/public-key.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";
import { joinUrl } from "../validation/urls.ts";

type Sources = Pick<Configuration, "distributions" | "aptSources" | "mirrors">;
type Place = readonly [path: readonly string[], file: string | undefined];

/**
 * The public keys of apt sources and mirrors, by the files that the configuration names. Throws one
 * ConfigError that lists every file without one.
 */
export function readKeyFiles(
  configuration: Sources,
  readFile: (path: string) => string | undefined,
  subject: string,
): Record<string, string> {
  const keys: Record<string, string> = {};
  const faults: Fault[] = [];
  for (const [path, file] of listPlaces(configuration)) {
    if (file === undefined) continue;
    const key = readFile(file);
    const refusal = key === undefined ? unreadable(file) : publicKey(key);
    if (refusal) faults.push({ path: toConfigPath([...path, "keyFile"]), ...refusal });
    else keys[file] = key ?? "";
  }
  if (faults.length > 0) {
    throw new ConfigError({ code: "configuration", subject, faults, limit: faults.length });
  }
  return keys;
}

/**
 * A stack that installs from what it publishes itself waits for itself. Throws one ConfigError that lists
 * every source that is the stack's own repository, served below `aptUrl`.
 */
export function refuseOwnRepository(
  { apt, aptSources, distributions }: Configuration,
  aptUrl: string,
  subject: string,
): void {
  const own = joinUrl(aptUrl, apt.prefix);
  const all = [
    ...Object.entries(aptSources).map(([name, each]) => [["aptSources", name], each] as const),
    ...Object.entries(distributions).flatMap(([codename, entry]) =>
      Object.entries(entry.aptSources).map(
        ([name, each]) => [["distributions", codename, "aptSources", name], each] as const,
      ),
    ),
  ];
  const faults = all.flatMap(([path, source]): Fault[] => {
    if (!source || source.url === undefined || joinUrl(source.url) !== own) return [];
    const message = `"${source.url}" is what this stack publishes itself`;
    const fix =
      "Remove it: its packages go under uses, and apt.inImages: true lets images install them.";
    return [{ path: toConfigPath([...path, "url"]), message, fix }];
  });
  if (faults.length === 0) return;
  throw new ConfigError({ code: "configuration", subject, faults, limit: faults.length });
}

function unreadable(file: string) {
  const fix = "Give the file that gpg --armor --export <key> wrote.";
  return { message: `"${file}" cannot be read`, fix };
}

function listPlaces({ distributions, aptSources, mirrors }: Sources): Place[] {
  const own = Object.entries(distributions).flatMap(([codename, entry]): Place[] => {
    const { mirror } = entry;
    const at = ["distributions", codename];
    return [
      [[...at, "mirror"], typeof mirror === "object" ? mirror.keyFile : undefined],
      ...listOf(entry.aptSources, [...at, "aptSources"]),
    ];
  });
  return [...listOf(aptSources, ["aptSources"]), ...own, ...listOf(mirrors, ["mirrors"])];
}

type WithKey = false | { readonly keyFile?: string | undefined };

function listOf(entries: Readonly<Record<string, WithKey>>, at: readonly string[]): Place[] {
  return Object.entries(entries).map(([name, entry]) => [
    [...at, name],
    entry === false ? undefined : entry.keyFile,
  ]);
}
