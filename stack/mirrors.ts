import type { AptMirrorArgs } from "../components/apt-mirror.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { mapEntries } from "../validation/entries.ts";
import { type AptConnections, mirrorPrefix } from "./apt-sources.ts";

/** The archives that aptly copies, by name. */
export function planMirrors(
  { apt, mirrors }: Configuration,
  { keys = {} }: Pick<AptConnections, "keys">,
): Record<string, AptMirrorArgs> {
  return mapEntries(mirrors, (name, { keyFile, architectures, ...mirror }) => ({
    ...mirror,
    name,
    architectures: architectures ?? apt.architectures,
    prefix: mirrorPrefix(name, mirror),
    keys: keyFile === undefined ? undefined : keys[keyFile],
    signingKey: apt.signingKey,
  }));
}
