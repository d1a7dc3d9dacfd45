import { z } from "zod";
import type { Fault } from "./config-error.ts";
import { toConfigPath } from "./configuration-faults.ts";
import { checkRunnerEntry, checkServed, runnerView } from "./configuration-runners.ts";
import { checkDistribution, distributions, isKnownCodename } from "./distributions.ts";
import { checkProjectPath } from "./gitlab-paths.ts";

/**
 * What the checks across keys look at, read as far as it is readable: a fault of form elsewhere
 * must not hide the ones found here.
 */
const names = z.array(z.string().catch("")).catch([]);
const text = z.string().optional().catch(undefined);
const flag = z.boolean().catch(false);

const distributionView = z.object({
  vendor: text,
  version: text,
  baseImage: text,
  image: text,
  acceptEndOfLife: flag,
});
const packageView = z.object({
  distributions: names,
  buildDepends: names,
  uses: names,
  tags: z.array(z.string()).optional().catch(undefined),
  images: z.record(z.string(), z.unknown()).catch({}),
  project: text,
});
const view = z.object({
  distributions: z.record(z.string(), distributionView.catch(distributionView.parse({}))).catch({}),
  runners: z.record(z.string(), runnerView.catch(runnerView.parse({}))).catch({}),
  packages: z.record(z.string(), packageView.catch(packageView.parse({}))).catch({}),
});

type View = z.output<typeof view>;
type PackageView = z.output<typeof packageView>;

/** Every fault that takes two keys to see: names that nothing declares, cycles, unserved tags. */
export function checkReferences(raw: Readonly<Record<string, unknown>>, today: Date): Fault[] {
  const read = view.parse(raw);
  return [
    ...Object.keys(read.distributions).flatMap((name) => checkRelease(name, read, today)),
    ...Object.entries(writtenRunners(raw)).flatMap(([name, runner]) =>
      checkRunnerEntry(name, runner, Object.keys(read.packages)),
    ),
    ...Object.entries(read.packages).flatMap(([name, entry]) => [
      ...checkTargets(name, entry, read),
      ...checkUses(name, entry, read),
      ...checkBuildDepends(name, entry, read),
      ...checkServed(name, entry.tags, read.runners),
    ]),
    ...checkCycles(read),
    ...checkProjects(read),
  ];
}

function writtenRunners({ runners }: Readonly<Record<string, unknown>>): object {
  return typeof runners === "object" && runners !== null ? runners : {};
}

function checkRelease(name: string, read: View, today: Date): Fault[] {
  const path = toConfigPath(["distributions", name]);
  const entry = read.distributions[name];
  if (!isKnownCodename(name)) {
    if (entry?.vendor && entry.version && entry.baseImage) return [];
    const known = Object.keys(distributions).join(", ");
    const fix = `Give vendor, version and baseImage, or use one of ${known}.`;
    return [{ path, message: `"${name}" is not a release known by name`, fix }];
  }
  if (entry?.acceptEndOfLife) return [];
  return checkDistribution(name, today)
    .filter(({ severity }) => severity === "error")
    .map(({ message, fix }) => ({ path, message, fix }));
}

function checkTargets(name: string, entry: PackageView, read: View): Fault[] {
  const at = (index: number) => toConfigPath(["packages", name, "distributions", index]);
  const declared = Object.keys(read.distributions);
  return [
    ...entry.distributions.flatMap((codename, index): Fault[] => {
      if (codename === "") return [];
      if (!declared.includes(codename)) {
        const fix = `Declare it there, or use one of ${list(declared)}.`;
        return [
          { path: at(index), message: `"${codename}" is not in trunkline:distributions`, fix },
        ];
      }
      if (entry.distributions.indexOf(codename) < index) {
        return [{ path: at(index), message: `"${codename}" is there twice`, fix: "Remove one." }];
      }
      return [];
    }),
    ...Object.keys(entry.images)
      .filter((codename) => !entry.distributions.includes(codename))
      .map((codename) => ({
        path: toConfigPath(["packages", name, "images", codename]),
        message: `"${codename}" is not among the package's distributions`,
        fix: "Remove it, or add it to distributions.",
      })),
  ];
}

function checkUses(name: string, entry: PackageView, read: View): Fault[] {
  return entry.uses.flatMap((used, index): Fault[] => {
    if (used === "") return [];
    const path = toConfigPath(["packages", name, "uses", index]);
    if (used === name)
      return [{ path, message: `"${used}" is the package itself`, fix: "Remove it." }];
    const provider = read.packages[used];
    if (provider === undefined) {
      const fix =
        "Declare it in trunkline:packages, or list a vendor's package under buildDepends.";
      return [{ path, message: `"${used}" is not a package of this stack`, fix }];
    }
    const missing = entry.distributions.filter(
      (codename) =>
        read.distributions[codename] !== undefined && !provider.distributions.includes(codename),
    );
    if (missing.length === 0) return [];
    const message = `"${used}" is not built for ${list(missing)}`;
    return [{ path, message, fix: `Add it to trunkline:packages.${used}.distributions.` }];
  });
}

function checkBuildDepends(name: string, entry: PackageView, read: View): Fault[] {
  return entry.buildDepends.flatMap((dependency, index): Fault[] => {
    if (read.packages[dependency] === undefined) return [];
    const path = toConfigPath(["packages", name, "buildDepends", index]);
    const message = `"${dependency}" is a package of this stack`;
    return [{ path, message, fix: "List it under uses, so that it is built first." }];
  });
}

/** One fault for each cycle, at the package that comes first in the configuration. */
function checkCycles({ packages }: View): Fault[] {
  const done = new Set<string>();
  const faults: Fault[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const cycle = [...trail.slice(start), name];
      if (cycle.length > 2) faults.push(toCycleFault(cycle));
      return;
    }
    if (done.has(name)) return;
    for (const used of packages[name]?.uses ?? []) visit(used, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(packages)) visit(name, []);
  return faults;
}

function toCycleFault(cycle: readonly string[]): Fault {
  const [first = ""] = cycle;
  return {
    path: toConfigPath(["packages", first, "uses"]),
    message: `leads back to itself: ${cycle.map((name) => `"${name}"`).join(" uses ")}`,
    fix: "Move what they share into a package of its own.",
  };
}

function checkProjects({ packages }: View): Fault[] {
  const owners = new Map<string, string>();
  return Object.entries(packages).flatMap(([name, entry]): Fault[] => {
    const project = (entry.project ?? name).toLowerCase();
    const owner = owners.get(project);
    if (owner === undefined) owners.set(project, name);
    const path = toConfigPath(["packages", name, "project"]);
    const refusal = entry.project === undefined ? checkProjectPath(name) : undefined;
    if (refusal !== undefined) {
      return [
        { path, message: `is missing and ${refusal.message}`, fix: `Set it. ${refusal.fix}` },
      ];
    }
    if (owner === undefined) return [];
    return [
      {
        path,
        message: `"${project}" is already the project of "${owner}"`,
        fix: "Take another path.",
      },
    ];
  });
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
