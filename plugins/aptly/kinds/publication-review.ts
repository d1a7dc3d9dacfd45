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

/** A line for each package: `+` new, `-` gone, `~` another version. */
export function describeSwitch(title: string, differences: readonly Difference[]): string {
  if (differences.length === 0) return `${title}: the same packages.`;
  const lines = differences.map(toLine).sort();
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const counts = `${count("+")} added, ${count("-")} removed, ${count("~")} changed`;
  const more = lines.length > limit ? [`and ${lines.length - limit} more`] : [];
  return [`${title}: ${counts}.`, ...lines.slice(0, limit), ...more].join("\n  ");
}

function toLine({ Left, Right }: Difference): string {
  const left = Left === null ? undefined : readKey(Left);
  const right = Right === null ? undefined : readKey(Right);
  if (left && right) {
    const isRebuilt = left.version === right.version;
    return `~ ${right.name} ${isRebuilt ? `${right.version}, with other content` : `${left.version} -> ${right.version}`}`;
  }
  const one = right ?? left;
  return `${right ? "+" : "-"} ${one?.name} ${one?.version}`;
}

/** `Pamd64 ying 1.0 9f3c…`, with a further word before the `P` for packages of other kinds. */
function readKey(key: string): { readonly name: string; readonly version: string } {
  const [architecture = "", name = "", version = ""] = key.slice(key.indexOf("P") + 1).split(" ");
  return { name: `${name} (${architecture})`, version };
}
