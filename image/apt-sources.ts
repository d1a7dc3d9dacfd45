import { distributions, isKnownCodename } from "./distributions.ts";
import { copy } from "./here-document.ts";
import { toBinaryKey } from "./public-key.ts";
import { type AptArchive, isArchived, type Mirror } from "./vendor-archives.ts";

/** The team's own apt repository, as the builder image installs from it. */
export interface AptSource {
  /** Names its files below /etc/apt: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Address with the publish prefix, for example `https://apt.example.com/trunk`. */
  readonly url: string;
  readonly component: string;
  readonly architectures: readonly string[];
  /** ASCII-armoured public key that the repository is signed with. */
  readonly key: string;
}

/** An apt repository beside the release's own: ROS, a vendor's, another stack's. */
export interface FurtherSource extends AptArchive {
  /** Names its files below /etc/apt: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Default: those that dpkg in the image knows. */
  readonly architectures?: readonly string[] | undefined;
  /** ASCII-armoured public key that it is signed with. Default: one that the base image trusts. */
  readonly key?: string | undefined;
  /** Which state of it an image has, so that another state makes another image. Default: untold. */
  readonly state?: string | undefined;
}

/** Where an apt that reads armoured keys finds one, and where an older one does. */
export function keyFile(codename: string, name: string): string {
  return `/etc/apt/keyrings/${name}.${readsArmoured(codename) ? "asc" : "gpg"}`;
}

/** What apt needs to read these addresses. */
export function transportsOf(codename: string, urls: readonly string[]): string[] {
  if (!urls.some(isHttps)) return [];
  const needed = hasHttps(codename) ? [] : ["apt-transport-https"];
  return [...needed, "ca-certificates"];
}

export function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

/** Whether the release's apt speaks HTTPS without a further package. */
export function hasHttps(codename: string): boolean {
  return !isKnownCodename(codename) || distributions[codename].apt.https;
}

function readsArmoured(codename: string): boolean {
  return !isKnownCodename(codename) || distributions[codename].apt.armouredKeys;
}

/** A key's file as the release's apt reads it. */
export function addKey(codename: string, name: string, key: string): string[] {
  const file = keyFile(codename, name);
  if (readsArmoured(codename)) return copy(file, key.trim());
  return [
    `RUN mkdir -p /etc/apt/keyrings && base64 --decode <<"EOF" >${file}`,
    ...toBinaryKey(key),
    "EOF",
  ];
}

/** A file of sources.list.d, with the key that it names. */
export function addSource(codename: string, source: FurtherSource): string[] {
  const { name, url, suites, components, architectures, key, state } = source;
  const lines = [
    ...(state === undefined ? [] : [`# State: ${state}`]),
    "Types: deb",
    `URIs: ${url}`,
    `Suites: ${suites.join(" ")}`,
    ...(components.length === 0 ? [] : [`Components: ${components.join(" ")}`]),
    ...(architectures === undefined ? [] : [`Architectures: ${architectures.join(" ")}`]),
    ...(key === undefined ? [] : [`Signed-By: ${keyFile(codename, name)}`]),
  ];
  return [
    ...(key === undefined ? [] : addKey(codename, name, key)),
    ...copy(`/etc/apt/sources.list.d/${name}.sources`, lines.join("\n")),
  ];
}

/** The lines of sources.list for a mirror's archives. */
export function renderMirror(
  codename: string,
  mirror: Mirror,
  archives: readonly AptArchive[],
): string[] {
  const options = [
    ...(isArchived(mirror) ? ["check-valid-until=no"] : []),
    ...(mirror.key === undefined ? [] : [`signed-by=${keyFile(codename, mirrorKey)}`]),
  ];
  const deb = options.length > 0 ? `deb [${options.join(" ")}]` : "deb";
  return [
    ...(mirror.state === undefined ? [] : [`# State: ${mirror.state}`]),
    ...archives.flatMap(({ url, suites, components }) =>
      suites.map((suite) => [deb, url, suite, ...components].join(" ")),
    ),
  ];
}

/** Names the file with a mirror's key. */
export const mirrorKey = "trunkline-mirror";
