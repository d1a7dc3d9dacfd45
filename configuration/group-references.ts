import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import { lenient } from "../validation/lenient.ts";
import { toConfigPath } from "./faults.ts";
import { groupEntry, mainPath } from "./groups.ts";
import { runnerView } from "./runners.ts";
import { configurationSchema, packageEntry } from "./schema.ts";
import type { SecretPaths } from "./secrets.ts";
import { checkVariables } from "./variable-checks.ts";
import type { Visibility } from "./visibility.ts";

const { ci, group } = configurationSchema.shape;
const { group: place, project } = packageEntry.shape;

export const groupsView = z.object({
  group: lenient(group),
  groups: lenient(z.record(z.string(), lenient(groupEntry)).default({})),
  ci: lenient(ci),
});
export const packageGroupView = z.object({ group: lenient(place), project: lenient(project) });

const view = groupsView.extend({ runners: lenient(z.record(z.string(), runnerView)) });

type View = Readonly<Pick<z.output<typeof view>, "ci" | "group" | "groups" | "runners">>;
type PackageView = z.output<typeof packageGroupView>;
type Packages = readonly (readonly [string, PackageView | null])[];

/** Full path of the stack's own group; null for one that cannot be read. */
export function toMainPath({ group }: Pick<View, "group">): string | null {
  return group === null ? null : mainPath(group);
}

/** The group that a package names; null when nothing declares it. */
export function toDeclared(
  read: View,
  named: string | null | undefined,
): string | null | undefined {
  if (named === undefined || named === toMainPath(read)) return named;
  return named !== null && read.groups !== null && named in read.groups ? named : null;
}

const unset: z.output<typeof groupEntry> = { existing: false, variables: {} };

/** Who sees the group that a package names; null where the configuration cannot tell. */
export function toGroupVisibility(read: View, named: string | null | undefined): Visibility | null {
  const path = named === undefined ? toMainPath(read) : toDeclared(read, named);
  if (path === null || path === undefined) return null;
  const own = typeof read.group === "string" ? unset : read.group;
  const entry = path === toMainPath(read) ? own : read.groups?.[path];
  if (!entry || entry.existing) return null;
  return entry.visibility ?? "private";
}

/** Faults between groups, and of those who name one. */
export function checkGroups(read: View, packages: Packages, secrets: SecretPaths): Fault[] {
  return [
    ...placeGroups(read).flatMap(([path, entry]) =>
      checkVariables([...path, "variables"], entry?.variables ?? null, secrets),
    ),
    ...checkExisting(read),
    ...checkTwice(read),
    ...checkNamed(read, packages),
    ...checkPlaces(read, packages),
  ];
}

/** What is said of each group, and where. */
function placeGroups({ group, groups }: View) {
  const main = typeof group === "object" && group !== null ? [[["group"], group] as const] : [];
  const further = Object.entries(groups ?? {}).map(
    ([path, entry]) => [["groups", path], entry] as const,
  );
  return [...main, ...further];
}

const settings = ["name", "description", "visibility"] as const;

/** What is somebody else's has no settings here. */
function checkExisting(read: View): Fault[] {
  return placeGroups(read).flatMap(([path, entry]) =>
    settings
      .filter((key) => entry?.existing && entry[key] !== undefined)
      .map((key) => ({
        path: toConfigPath([...path, key]),
        message: "is a setting of a group that is left as it is",
        fix: "Remove it, or remove existing: true and import the group.",
      })),
  );
}

/** Paths that differ in case only are one group in GitLab. */
function checkTwice(read: View): Fault[] {
  const main = toMainPath(read);
  if (main === null) return [];
  const seen = new Map([[main.toLowerCase(), "trunkline:group"]]);
  return Object.keys(read.groups ?? {}).flatMap((path): Fault[] => {
    const other = seen.get(path.toLowerCase());
    const here = toConfigPath(["groups", path]);
    if (other === undefined) {
      seen.set(path.toLowerCase(), here);
      return [];
    }
    return [{ path: here, message: `is the group of ${other}, too`, fix: "Remove one of them." }];
  });
}

/** Packages and runners of groups that nothing declares. */
function checkNamed(read: View, packages: Packages): Fault[] {
  const main = toMainPath(read);
  if (main === null || read.groups === null) return [];
  const declared = [main, ...Object.keys(read.groups)];
  const fix = `Declare it there, or use one of ${declared.map((path) => `"${path}"`).join(", ")}.`;
  const check = (kind: string, name: string, named: string | null | undefined): Fault[] => {
    if (named === null || named === undefined || declared.includes(named)) return [];
    const message = `"${named}" is not in trunkline:groups`;
    return [{ path: toConfigPath([kind, name, "group"]), message, fix }];
  };
  return [
    ...packages.flatMap(([name, entry]) => check("packages", name, entry?.group)),
    ...Object.entries(read.runners ?? {}).flatMap(([name, runner]) =>
      check("runners", name, runner.group),
    ),
  ];
}

/** In GitLab a group and a project cannot have the same full path. */
function checkPlaces(read: View, packages: Packages): Fault[] {
  const main = toMainPath(read);
  const paths = [main, ...Object.keys(read.groups ?? {})];
  const groups = paths.map((path) => path?.toLowerCase());
  const template = read.ci?.project;
  const taken = paths.flatMap((path): Fault[] => {
    const full = `${path}/${template}`;
    if (!path || !template || !groups.includes(full.toLowerCase())) return [];
    const message = `"${full}" is the project that the pipelines include (trunkline:ci.project)`;
    const fix = "Take another path for one of them.";
    return [{ path: toConfigPath(full === main ? ["group"] : ["groups", full]), message, fix }];
  });
  const mistaken = packages.flatMap(([name, entry]): Fault[] => {
    if (entry === null || entry.project === null || entry.group === null) return [];
    const full = `${entry.group ?? main}/${entry.project ?? name}`;
    if (!groups.includes(full.toLowerCase())) return [];
    const path = toConfigPath(["packages", name, "project"]);
    return [{ path, message: `"${full}" is a group of this stack`, fix: "Take another path." }];
  });
  return [...taken, ...mistaken];
}
