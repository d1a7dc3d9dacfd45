import { z } from "zod";
import { platformArchitectures, platformOf } from "../image/platforms.ts";
import type { Fault } from "../validation/config-error.ts";
import { lenient, readable } from "../validation/lenient.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";
import { defaultArchitectures } from "./architectures.ts";
import { toConfigPath } from "./faults.ts";
import { checkServed, type RunnerView, runnersOf, type Served } from "./runners.ts";

const names = lenient(
  z
    .array(lenient(text(rule.debianArchitecture)))
    .min(1)
    .optional(),
);
const own = z.object({ tags: lenient(z.array(z.string()).optional()) });

/** What the checks of architectures look at. */
export const architecturesView = { architectures: names };
export const packageArchitecturesView = {
  architectures: names,
  onArchitecture: lenient(z.record(z.string(), lenient(own)).default({})),
};

type Names = z.output<typeof names>;

interface View {
  readonly architectures?: Names;
  readonly apt: { readonly architectures?: Names } | null;
}

interface PackageView {
  readonly architectures?: Names;
  readonly onArchitecture: z.output<typeof packageArchitecturesView.onArchitecture>;
  readonly tags?: readonly string[] | null | undefined;
}

/** Faults of the stack's list. */
export function checkArchitectures(read: View): Fault[] {
  return checkList(["architectures"], read.architectures, read);
}

/** Faults of what a package says: architectures that nothing publishes, and settings of others. */
export function checkPackageArchitectures(name: string, entry: PackageView, read: View): Fault[] {
  const built = listBuilt(entry, read);
  const foreign = Object.keys(entry.onArchitecture ?? {}).filter(
    (each) => built !== null && !built.includes(each) && !built.includes(null),
  );
  return [
    ...checkList(["packages", name, "architectures"], entry.architectures, read),
    ...foreign.map((each) => ({
      path: toConfigPath(["packages", name, "onArchitecture", each]),
      message: `"${each}" is not among the package's architectures`,
      fix: "Remove it, or add it to architectures.",
    })),
  ];
}

function checkList(path: readonly string[], list: Names, read: View): Fault[] {
  const published = listPublished(read);
  return (list ?? []).flatMap((each, index): Fault[] => {
    if (each === null) return [];
    const at = toConfigPath([...path, index]);
    if (list?.indexOf(each) !== index)
      return [{ path: at, message: `"${each}" is there twice`, fix: "Remove one." }];
    if (platformOf(each) === undefined) {
      const message = `"${each}" is no architecture that a builder image can have`;
      return [{ path: at, message, fix: `Use some of ${platformArchitectures.join(", ")}.` }];
    }
    if (published === null || published.includes(each) || published.includes(null)) return [];
    const message = `"${each}" is not published`;
    return [{ path: at, message, fix: "Add it to trunkline:apt.architectures, or remove it." }];
  });
}

/** Null where it cannot be read. */
function listPublished({ apt }: View): readonly (string | null)[] | null {
  if (apt === null || apt.architectures === null) return null;
  return apt.architectures ?? defaultArchitectures;
}

/** What a package is built for; null where it cannot be read. */
function listBuilt(entry: PackageView, read: View): readonly (string | null)[] | null {
  if (entry.architectures !== undefined) return entry.architectures;
  if (read.architectures !== undefined) return read.architectures;
  return listPublished(read)?.slice(0, 1) ?? null;
}

interface UsingView extends PackageView {
  readonly architecture: string | null;
  readonly pipeline?: string | null | undefined;
  readonly uses: readonly (string | null)[] | null;
}

/** Faults of what a package uses that is not built for one of its architectures. */
export function checkUsedArchitectures(
  name: string,
  entry: UsingView,
  read: View & { readonly packages: Readonly<Record<string, UsingView | null>> | null },
): Fault[] {
  const needed = readable(listBuilt(entry, read));
  const compiled = entry.architecture === "all" ? needed.slice(0, 1) : needed;
  return (entry.uses ?? []).flatMap((used, index): Fault[] => {
    const provider = read.packages?.[used ?? ""];
    if (provider?.architecture !== "any" || provider.pipeline === "own") return [];
    const there = listBuilt(provider, read);
    if (there === null || there.includes(null)) return [];
    const missing = compiled.filter((each) => !there.includes(each));
    if (missing.length === 0) return [];
    const path = toConfigPath(["packages", name, "uses", index]);
    const message = `"${used}" is not built for ${missing.map((each) => `"${each}"`).join(", ")}`;
    const fix = `Add it to ${toConfigPath(["packages", used ?? "", "architectures"])}, or take it from this package's.`;
    return [{ path, message, fix }];
  });
}

type Runners = Readonly<Record<string, RunnerView>>;

/**
 * Faults of a package that on one of its architectures no declared runner serves, or whose jobs there a
 * runner of another architecture would take too.
 */
export function checkServedEverywhere(
  served: Served,
  entry: PackageView,
  read: View & { readonly runners: Runners | null },
  main: string | null,
): Fault[] {
  if (read.runners === null) return [];
  const published = listPublished(read);
  const runners = runnersOf(served, read.runners, main);
  const first = published?.[0] ?? null;
  const isTold = runners.some(({ architecture }) => architecture !== undefined);
  const isSaid = isTold || (entry.architectures ?? read.architectures) !== undefined;
  return readable(listBuilt(entry, read)).flatMap((architecture, index, all) => {
    const isFault =
      published?.includes(architecture) === false || all.indexOf(architecture) < index;
    if (isFault) return [];
    const isOf = ({ architecture: each = first }: RunnerView) =>
      each === null || each === architecture;
    const there = entry.onArchitecture?.[architecture];
    const written = there?.tags === undefined && index === 0 ? entry.tags : there?.tags;
    if (written === null || there === null || entry.onArchitecture === null) return [];
    const at = index > 0 || there?.tags !== undefined ? ["onArchitecture", architecture] : [];
    const jobs = {
      path: toConfigPath(["packages", served.name, ...at, "tags"]),
      tags: written,
      ...(isSaid && { architecture }),
    };
    const others = runners.filter((runner) => !isOf(runner));
    return checkServed(jobs, runners.filter(isOf), others);
  });
}
