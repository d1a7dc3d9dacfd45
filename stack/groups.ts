import { type ComponentResourceOptions, secret } from "@pulumi/pulumi";
import type { JobAccess } from "../components/job-access.ts";
import { PackageGroup, type PackageGroupArgs } from "../components/package-group.ts";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { depth, type GroupConfiguration, reaches } from "../configuration/groups.ts";
import type { Connections } from "./connections.ts";
import { toVariables, variablesIn } from "./variables.ts";

/** A group of the stack, and the name of the component that it becomes. */
export interface PlannedGroup extends PackageGroupArgs {
  readonly component: string;
}

/** A stack's groups by their full paths. */
export type Groups = Readonly<Record<string, PackageGroup>>;

/** What the stack's jobs are handed. */
export function planAccess(
  { aptlyUrl, aptUrl, aptlyUsername, aptlyPassword }: Connections,
  builderImages: JobAccess["builderImages"],
): JobAccess {
  const password = secret(aptlyPassword);
  return { aptly: { url: aptlyUrl, aptUrl, username: aptlyUsername, password }, builderImages };
}

/**
 * The groups of a stack, those above others first. One that is somebody else's hands nothing to jobs,
 * since another stack may do so: there each project has its own. Pipelines of teams' own get nothing
 * either: a group's variable would go before one that they set themselves.
 */
export function planGroups(configuration: Configuration, access: JobAccess): PlannedGroup[] {
  const isOwn = (path: string) =>
    hasOwnPipelines(configuration, ({ group }) => reaches(path, group));
  const plan = (group: GroupConfiguration): PlannedGroup => ({
    ...group,
    ...(group.existing || isOwn(group.path) ? {} : access),
    component: nameInGroup(configuration, "packages", group.path),
    variables: group.existing ? {} : toVariables(variablesIn(configuration, group.path)),
    onDestroy: configuration.onDestroy,
  });
  return Object.values(configuration.groups)
    .map(plan)
    .sort((a, b) => depth(a) - depth(b));
}

export function createGroups(
  planned: readonly PlannedGroup[],
  options: ComponentResourceOptions,
): Groups {
  const groups: Record<string, PackageGroup> = {};
  for (const { component, ...args } of planned) {
    const above = groups[args.path.slice(0, args.path.lastIndexOf("/"))];
    groups[args.path] = new PackageGroup(component, { ...args, parentId: above?.groupId }, options);
  }
  return groups;
}

/** Whether some packages are chosen and all of them have pipelines of their teams' own. */
export function hasOwnPipelines(
  { packages }: Pick<Configuration, "packages">,
  isChosen: (entry: PackageConfiguration) => boolean,
): boolean {
  const chosen = Object.values(packages).filter(isChosen);
  return chosen.length > 0 && chosen.every(({ pipeline }) => pipeline === "own");
}

/** Of what is there once in each group: `ci` in the stack's own group, `ci-tools` in another. */
export function nameInGroup({ group }: Pick<Configuration, "group">, name: string, path: string) {
  return path === group ? name : `${name}-${path}`;
}

export function groupOf<Group>(
  groups: Readonly<Record<string, Group>>,
  { group }: { readonly group: string },
): Group {
  const found = groups[group];
  if (!found) throw new Error(`the check let an undeclared group "${group}" through`);
  return found;
}
