import type { Configuration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import { publicKey } from "../image/public-key.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";

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
