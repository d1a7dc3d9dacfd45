import { path } from "../../kit/path.ts";
import type { Aptly } from "../client.ts";
import type { PublicationInputs } from "./publication-row.ts";

/** A package of two snapshots as aptly compares them; by key, `Pamd64 ying 1.0 9f3c…`. */
interface Difference {
  readonly Left: string | null;
  readonly Right: string | null;
}

/** Lines that a preview shows; whoever wants more asks aptly. */
const limit = 200;

/**
 * Tells which packages apt clients get and lose when other snapshots are published, so that a preview
 * of it can be reviewed by them.
 */
export async function announceSwitch(
  wanted: Partial<PublicationInputs>,
  before: Partial<PublicationInputs> | undefined,
  api: Aptly,
): Promise<void> {
  if (wanted.sourceKind !== "snapshot" || before?.sourceKind !== "snapshot") return;
  for (const { name, component } of wanted.sources ?? []) {
    const old = before.sources?.find((each) => each.component === component)?.name;
    if (old === undefined || old === name || name === undefined) continue;
    const differences = await api.find<Difference[]>(path`/snapshots/${old}/diff/${name}`);
    // It is taken in the update, which comes here again before it publishes.
    if (differences === undefined) continue;
    const place = `${wanted.prefix}/${wanted.distribution} ${component}`;
    api.report(describeSwitch(`${place}: ${old} becomes ${name}`, differences));
  }
}

/** A line for each package: `+` new, `-` gone, `~` another version, or the same with other content. */
export function describeSwitch(title: string, differences: readonly Difference[]): string {
  if (differences.length === 0) return `${title}: the same packages.`;
  const lines = toLines(differences).sort();
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const counts = `${count("+")} added, ${count("-")} removed, ${count("~")} changed`;
  const more = lines.length > limit ? [`and ${lines.length - limit} more`] : [];
  return [`${title}: ${counts}.`, ...lines.slice(0, limit), ...more].join("\n  ");
}

/** aptly pairs two versions of a name as they come, so they are paired here anew. */
function toLines(differences: readonly Difference[]): string[] {
  const gone = byName(differences.map(({ Left }) => Left));
  const come = byName(differences.map(({ Right }) => Right));
  const names = new Set([...gone.keys(), ...come.keys()]);
  return [...names].flatMap((name) => compare(name, gone.get(name) ?? [], come.get(name) ?? []));
}

function compare(name: string, gone: readonly string[], come: readonly string[]): string[] {
  const rebuilt = gone.filter((version) => come.includes(version));
  const old = gone.filter((version) => !rebuilt.includes(version));
  const fresh = come.filter((version) => !rebuilt.includes(version));
  const lines = rebuilt.map((version) => `~ ${name} ${version}, with other content`);
  if (old.length === 1 && fresh.length === 1) return [...lines, `~ ${name} ${old} -> ${fresh}`];
  const removed = old.map((version) => `- ${name} ${version}`);
  return [...lines, ...removed, ...fresh.map((version) => `+ ${name} ${version}`)];
}

/** Versions by name and architecture, of keys such as `Pamd64 ying 1.0 9f3c…`, which may have a word before the `P`. */
function byName(keys: readonly (string | null)[]): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const key of keys) {
    if (key === null) continue;
    const [architecture, name, version = ""] = key.slice(key.indexOf("P") + 1).split(" ");
    const who = `${name} (${architecture})`;
    versions.set(who, [...(versions.get(who) ?? []), version]);
  }
  return versions;
}
