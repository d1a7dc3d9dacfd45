import { z } from "zod";
import { checkDistribution, distributions, isKnownCodename } from "../image/distributions.ts";
import type { Fault } from "../validation/config-error.ts";
import { checkProjectPath } from "../validation/gitlab-paths.ts";
import { lenient, readable } from "../validation/lenient.ts";
import {
  architecturesView,
  checkArchitectures,
  checkPackageArchitectures,
  checkServedEverywhere,
  checkUsedArchitectures,
  packageArchitecturesView,
} from "./architecture-references.ts";
import { toConfigPath } from "./faults.ts";
import {
  checkGroups,
  groupsView,
  packageGroupView,
  toDeclared,
  toGroupVisibility,
  toMainPath,
} from "./group-references.ts";
import { checkImageKeys, checkImageLoops } from "./image-references.ts";
import { checkPipelines, packagePipelineView, pipelineView } from "./pipelines.ts";
import { checkRunnerEntry, runnerView } from "./runners.ts";
import { configurationSchema, distributionEntry, packageEntry } from "./schema.ts";
import { SecretPaths } from "./secrets.ts";
import {
  checkSources,
  distributionSourcesView,
  sourcesOf,
  sourcesView,
} from "./source-references.ts";
import { checkVariables, variablesView } from "./variable-checks.ts";
import { checkVisibility } from "./visibility.ts";

const names = z.array(lenient(z.string()));
const { vendor, version, baseImage, acceptEndOfLife, image } = distributionEntry.shape;
const { architecture, buildSystem, tags, images, imageGroup, project, visibility } =
  packageEntry.shape;
const { registry, images: imagesFrom } = configurationSchema.shape;
const { inImages } = configurationSchema.shape.apt.shape;

/**
 * What the checks across keys look at, as far as it has the form that its key wants: a fault of form
 * must neither hide a fault elsewhere nor give rise to one.
 */
const distributionView = z.object({
  vendor: lenient(vendor),
  version: lenient(version),
  baseImage: lenient(baseImage),
  acceptEndOfLife: lenient(acceptEndOfLife),
  image: lenient(image),
  ...distributionSourcesView.shape,
});
const ownView = z.object({
  buildDepends: lenient(names.default([])),
  cmakeArguments: z.unknown().optional(),
});
const packageView = z.object({
  ...packagePipelineView.shape,
  ...packageGroupView.shape,
  ...packageArchitecturesView,
  variables: variablesView,
  distributions: lenient(names.min(1).default([])),
  architecture: lenient(architecture),
  buildSystem: lenient(buildSystem),
  installPrefix: z.unknown().optional(),
  cmakeArguments: z.unknown().optional(),
  cmakeVariables: z.unknown().optional(),
  buildDepends: lenient(names.default([])),
  uses: lenient(names.default([])),
  tests: lenient(z.object({ depends: lenient(names.default([])) }).optional()),
  tags: lenient(tags),
  images: lenient(images),
  imageGroup: lenient(imageGroup),
  on: lenient(z.record(z.string(), lenient(ownView)).default({})),
  project: lenient(project),
  visibility: lenient(visibility),
});
const view = z.object({
  distributions: lenient(z.record(z.string(), lenient(distributionView))),
  runners: lenient(z.record(z.string(), runnerView).default({})),
  packages: lenient(z.record(z.string(), lenient(packageView)).default({})),
  ...pipelineView.shape,
  ...groupsView.shape,
  ...sourcesView.shape,
  ...architecturesView,
  apt: lenient(z.object({ inImages: lenient(inImages), ...architecturesView })),
  registry: lenient(registry),
  images: lenient(imagesFrom),
  variables: variablesView,
});

type View = z.output<typeof view>;
type PackageView = z.output<typeof packageView>;

/** Every fault that takes two keys to see: names that nothing declares, cycles, unserved tags. */
export function checkReferences(
  raw: Readonly<Record<string, unknown>>,
  today: Date,
  secrets = new SecretPaths(),
): Fault[] {
  const read = view.parse(raw);
  const packages = Object.entries(read.packages ?? {});
  return [
    ...Object.entries(read.distributions ?? {}).flatMap(([name, entry]) =>
      entry === null ? [] : checkRelease(name, entry, today),
    ),
    ...Object.entries(writtenRunners(raw)).flatMap(([name, runner]) =>
      checkRunnerEntry(name, runner, read.packages && Object.keys(read.packages)),
    ),
    ...packages.flatMap(([name, entry]) => (entry === null ? [] : checkPackage(name, entry, read))),
    ...checkArchitectures(read),
    ...checkSources(read),
    ...checkRegistry(read),
    ...checkImageKeys(read),
    ...checkImageLoops(read),
    ...checkCycles(read),
    ...checkGroups(read, packages, secrets),
    ...checkProjects(packages, toMainPath(read)),
    ...checkPipelines(read, packages),
    ...checkVariables(["variables"], read.variables, secrets),
    ...packages.flatMap(([name, entry]) =>
      checkVariables(["packages", name, "variables"], entry?.variables ?? null, secrets),
    ),
  ];
}

function writtenRunners({ runners }: Readonly<Record<string, unknown>>): object {
  return typeof runners === "object" && runners !== null ? runners : {};
}

function checkRelease(
  name: string,
  entry: z.output<typeof distributionView>,
  today: Date,
): Fault[] {
  const path = toConfigPath(["distributions", name]);
  if (!isKnownCodename(name)) {
    const { vendor, version, baseImage } = entry;
    if (![vendor, version, baseImage].includes(undefined)) return [];
    const known = Object.keys(distributions).join(", ");
    const fix = `Give vendor, version and baseImage, or use one of ${known}.`;
    return [{ path, message: `"${name}" is not a release known by name`, fix }];
  }
  if (entry.acceptEndOfLife !== false) return [];
  return checkDistribution(name, today)
    .filter(({ severity }) => severity === "error")
    .map(({ message, fix }) => ({ path, message, fix }));
}

function checkPackage(name: string, entry: PackageView, read: View): Fault[] {
  return [
    ...checkTargets(name, entry, read),
    ...checkBuildSystem(name, entry),
    ...checkImages(name, entry),
    ...checkUses(name, entry, read),
    ...checkUsedArchitectures(name, entry, read),
    ...checkDepends(name, entry, read),
    ...checkVisible(name, entry, read),
    ...checkPackageArchitectures(name, entry, read),
    ...(entry.pipeline === "own" || entry.pipeline === null
      ? []
      : checkServedEverywhere(
          { name, group: toDeclared(read, entry.group) },
          entry,
          read,
          toMainPath(read),
        )),
  ];
}

/** Images that are built must go somewhere. */
function checkRegistry(read: View): Fault[] {
  if (read.registry !== undefined || read.images !== "build") return [];
  const isBuilt = ({ distributions: targets, images: own, pipeline }: PackageView) =>
    pipeline !== "own" &&
    readable(targets).some(
      (codename) => !own?.[codename] && read.distributions?.[codename]?.image === undefined,
    );
  const built = Object.values(read.packages ?? {}).some((entry) => entry && isBuilt(entry));
  if (!built) return [];
  const fix = "Say where builder images are pushed, for example registry.example.com/builders.";
  return [{ path: toConfigPath(["registry"]), message: "is missing", fix }];
}

function checkVisible(name: string, { visibility, group }: PackageView, read: View): Fault[] {
  const ofGroup = toGroupVisibility(read, group);
  if (!visibility || ofGroup === null) return [];
  return checkVisibility(name, visibility, ofGroup);
}

function checkTargets(name: string, entry: PackageView, read: View): Fault[] {
  const declared = read.distributions && Object.keys(read.distributions);
  const targets = entry.distributions ?? [];
  if (entry.distributions?.length === 0 && entry.pipeline !== "own" && entry.pipeline !== null) {
    const path = toConfigPath(["packages", name, "distributions"]);
    return [{ path, message: "is missing", fix: "List the codenames to build for." }];
  }
  return targets.flatMap((codename, index): Fault[] => {
    if (codename === null || declared === null) return [];
    const path = toConfigPath(["packages", name, "distributions", index]);
    if (!declared.includes(codename)) {
      const fix = `Declare it there, or use one of ${list(declared)}.`;
      return [{ path, message: `"${codename}" is not in trunkline:distributions`, fix }];
    }
    if (targets.indexOf(codename) === index) return [];
    return [{ path, message: `"${codename}" is there twice`, fix: "Remove one." }];
  });
}

function checkBuildSystem(name: string, entry: PackageView): Fault[] {
  if (entry.buildSystem !== "debian") return [];
  const ofCMake = (["installPrefix", "cmakeArguments", "cmakeVariables"] as const).filter(
    (key) => entry[key] !== undefined,
  );
  const onSome = Object.entries(entry.on ?? {})
    .filter(([, own]) => own?.cmakeArguments !== undefined)
    .map(([codename]) => ["on", codename, "cmakeArguments"]);
  return [...ofCMake.map((key) => [key]), ...onSome].map((keys) => ({
    path: toConfigPath(["packages", name, ...keys]),
    message: 'is read by CMake alone, and buildSystem is "debian"',
    fix: "Remove it, and say it in debian/rules.",
  }));
}

/** What is said of a distribution that the package is not built for. */
function checkImages(name: string, { distributions: targets, images, on }: PackageView): Fault[] {
  const said = { images: images ?? {}, on: on ?? {} };
  return Object.entries(said)
    .flatMap(([key, entries]) => Object.keys(entries).map((codename) => [key, codename] as const))
    .filter(([, codename]) => isMissing(codename, targets))
    .map(([key, codename]) => ({
      path: toConfigPath(["packages", name, key, codename]),
      message: `"${codename}" is not among the package's distributions`,
      fix: "Remove it, or add it to distributions.",
    }));
}

function checkUses(name: string, entry: PackageView, read: View): Fault[] {
  return (entry.uses ?? []).flatMap((used, index): Fault[] => {
    if (used === null) return [];
    const path = toConfigPath(["packages", name, "uses", index]);
    if (used.includes("/")) return checkForeignUse(path, used, entry, read);
    if (used === name)
      return [{ path, message: `"${used}" is the package itself`, fix: "Remove it." }];
    const provider = read.packages?.[used];
    if (provider === undefined) {
      const fix =
        "Declare it in trunkline:packages, write <source>/<package> for one of an apt source, or list a vendor's package under buildDepends.";
      return [{ path, message: `"${used}" is not a package of this stack`, fix }];
    }
    const missing = readable(entry.distributions).filter(
      (codename) =>
        read.distributions?.[codename] !== undefined &&
        provider !== null &&
        isMissing(codename, provider.distributions),
    );
    if (missing.length === 0) return [];
    const message = `"${used}" is not built for ${list(missing)}`;
    return [{ path, message, fix: `Add it to trunkline:packages.${used}.distributions.` }];
  });
}

/** A package that another stack, or somebody else, publishes. */
function checkForeignUse(path: string, used: string, entry: PackageView, read: View): Fault[] {
  const [source = ""] = used.split("/");
  return readable(entry.distributions).flatMap((codename): Fault[] => {
    if (!read.distributions?.[codename]) return [];
    const known = sourcesOf(codename, read);
    if (!known || known.includes(source)) return [];
    const message = `"${source}" is not an apt source of ${codename}`;
    const fix = `Declare it in trunkline:aptSources, or in trunkline:distributions.${codename}.aptSources.`;
    return [{ path, message, fix }];
  });
}

/** A list with an item that cannot be read may have meant this one. */
function isMissing(codename: string, targets: PackageView["distributions"]): boolean {
  return targets !== null && !targets.includes(null) && !targets.includes(codename);
}

/**
 * A builder image is made before there are packages of the team's own, unless it is asked to install
 * from their repository and another image built them.
 */
function checkDepends(name: string, entry: PackageView, read: View): Fault[] {
  const { buildDepends, tests, on, imageGroup } = entry;
  const isElsewhere = (dependency: string) => {
    const other = read.packages?.[dependency];
    return read.apt?.inImages !== false && other?.imageGroup !== imageGroup;
  };
  const check = (names: PackageView["buildDepends"] | undefined, key: string[], fix: string) =>
    (names ?? []).flatMap((dependency, index): Fault[] => {
      if (dependency === null || read.packages?.[dependency] === undefined) return [];
      if (isElsewhere(dependency)) return [];
      const path = toConfigPath(["packages", name, ...key, index]);
      return [{ path, message: `"${dependency}" is a package of this stack`, fix }];
    });
  return [
    ...check(buildDepends, ["buildDepends"], underUses),
    ...Object.entries(on ?? {}).flatMap(([codename, own]) =>
      check(own?.buildDepends, ["on", codename, "buildDepends"], underUses),
    ),
    ...check(
      tests?.depends,
      ["tests", "depends"],
      "Remove it: apt installs what the tested packages depend on.",
    ),
  ];
}

const underUses = "List it under uses, so that it is built first.";

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
    for (const used of readable(packages?.[name]?.uses ?? [])) visit(used, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(packages ?? {})) visit(name, []);
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

function checkProjects(
  packages: readonly (readonly [string, PackageView | null])[],
  main: string | null,
): Fault[] {
  const owners = new Map<string, string>();
  return packages.flatMap(([name, entry]): Fault[] => {
    if (entry === null || entry.project === null || entry.group === null) return [];
    const project = (entry.project ?? name).toLowerCase();
    const place = `${entry.group ?? main}/${project}`.toLowerCase();
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, name);
    const path = toConfigPath(["packages", name, "project"]);
    const refusal = entry.project === undefined ? checkProjectPath(name) : undefined;
    if (refusal !== undefined) {
      return [
        { path, message: `is missing and ${refusal.message}`, fix: `Set it. ${refusal.fix}` },
      ];
    }
    const namesake = packages.find(([other]) => other === project && other !== name);
    if (owner === undefined && namesake && isElsewhere(namesake)) {
      const message = `"${project}" is the name of another package, which has a project of another name`;
      return [{ path, message, fix: "Take another path." }];
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

/** Pulumi knew packages by name and knows them by project: one name for two packages would mix them up. */
function isElsewhere([name, entry]: readonly [string, PackageView | null]): boolean {
  const project = entry?.project?.toLowerCase();
  return project !== undefined && project !== name;
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
