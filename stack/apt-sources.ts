import type { AptSourceSetting, MirrorSetting } from "../configuration/apt-sources.ts";
import type { Configuration } from "../configuration/configuration.ts";
import type { AptSource, FurtherSource, Mirror } from "../image/builder-image.ts";
import { isFlat } from "../image/vendor-archives.ts";
import { toPublishedPath } from "../validation/publish-prefix.ts";
import { joinUrl } from "../validation/urls.ts";
import type { Connections } from "./connections.ts";

/** Where the team's repositories are served, and the keys of others by the files that have them. */
export interface AptConnections extends Pick<Connections, "aptUrl" | "aptKey"> {
  readonly keys?: Readonly<Record<string, string>>;
}

type Sources = Pick<Configuration, "distributions" | "aptSources" | "mirrors">;

/** The component that aptly publishes a mirror as. */
export const mirrorComponent = "main";

/** Prefix that a mirror of the stack's is published under. */
export function mirrorPrefix(name: string, { prefix }: Pick<MirrorSetting, "prefix">): string {
  return prefix ?? `mirrors/${name}`;
}

/** The team's own repository. */
export function toOwnSource({ apt }: Configuration, given: AptConnections): AptSource {
  return {
    name: "trunkline",
    url: joinUrl(given.aptUrl, toPublishedPath(apt.prefix)),
    component: apt.component,
    architectures: apt.architectures,
    key: given.aptKey,
  };
}

/** What a distribution's images install from instead of the vendor's archive. */
export function toMirror(
  configuration: Sources,
  codename: string,
  given: AptConnections,
): string | Mirror | undefined {
  const mirror = configuration.distributions[codename]?.mirror;
  if (mirror === undefined || typeof mirror === "string") return mirror;
  const { name, keyFile, ...written } = mirror;
  const own = name === undefined ? undefined : ofStack(configuration, name, given);
  const { url, ...rest } = { ...own, ...defined(written) };
  if (url === undefined)
    throw new Error(`the check let a mirror of ${codename} through without url`);
  const key = keyFile === undefined ? own?.key : keyOf(keyFile, given);
  return { url, ...rest, key, ...(own && written.security === undefined && { security: false }) };
}

/** The repositories beside it, the distribution's own in place of the stack's of the same name. */
export function toFurtherSources(
  configuration: Sources,
  codename: string,
  given: AptConnections,
): FurtherSource[] {
  return Object.entries(settingsOf(configuration, codename)).map(([name, setting]) => {
    const { mirror, keyFile, architectures } = setting;
    const own = mirror === undefined ? undefined : ofStack(configuration, mirror, given);
    const url = own?.url ?? setting.url;
    if (url === undefined) throw new Error(`the check let the source ${name} through without url`);
    const suites = setting.suites ?? own?.suites ?? [codename];
    const components = setting.components ?? (suites.every(isFlat) ? [] : [mirrorComponent]);
    const key = keyFile === undefined ? own?.key : keyOf(keyFile, given);
    return { name, url, suites, components, architectures, key, state: own?.state };
  });
}

/** The sources of a distribution by their names. */
function settingsOf({ distributions, aptSources }: Sources, codename: string) {
  const all = { ...aptSources, ...distributions[codename]?.aptSources };
  const kept = Object.entries(all).filter((each): each is [string, AptSourceSetting] => !!each[1]);
  return Object.fromEntries(kept);
}

/** A mirror that the stack publishes itself, signed with the key of its aptly. */
function ofStack({ mirrors }: Sources, name: string, { aptUrl, aptKey }: AptConnections) {
  const mirror = mirrors[name];
  if (!mirror) throw new Error(`the check let an unknown mirror "${name}" through`);
  return {
    url: joinUrl(aptUrl, toPublishedPath(mirrorPrefix(name, mirror))),
    suites: mirror.suites,
    components: [mirrorComponent],
    key: aptKey,
    state: publishedState(mirror),
  };
}

/** The snapshot that a mirror publishes. */
export function publishedState({ published, snapshots }: MirrorSetting): string {
  return published ?? snapshots.at(-1) ?? "";
}

function keyOf(file: string, { keys }: AptConnections): string {
  const key = keys?.[file];
  if (key === undefined) throw new Error(`the key file "${file}" was not read`);
  return key;
}

function defined<Values extends object>(values: Values): Partial<Values> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Values>;
}
