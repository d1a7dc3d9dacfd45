import * as aptly from "@trunkline/aptly";
import type { Configuration } from "../configuration/configuration.ts";
import { aptRepositoryName } from "../pipeline/names.ts";
import type { Fault } from "../validation/config-error.ts";
import { type Declared, pathBefore } from "./declared.ts";
import { nameInGroup } from "./groups.ts";
import { refuse } from "./refuse.ts";

type DeclaredGroup = Declared["groups"][string];
type Stack = Pick<
  Configuration,
  "apt" | "packages" | "distributions" | "group" | "groups" | "onDestroy"
>;

/** How many packages are in a local repository; 0 when it is not there. */
type CountPackages = (repository: string) => Promise<number>;

/**
 * Ends the program before anything changes when something has left the configuration that holds data:
 * Pulumi would see it last, after it unpublished and updated the rest.
 */
export async function refuseLosses(
  configuration: Configuration,
  before: Declared | undefined,
): Promise<void> {
  refuse(
    configuration,
    before ? await findLosses(configuration, before, countPackages) : findUntold(configuration),
  );
}

async function countPackages(repository: string): Promise<number> {
  return (await aptly.getLocalRepository({ name: repository })).packages;
}

/** What is in a project cannot be left alone before it is known. */
export function findUntold({ packages }: Pick<Configuration, "packages">): Fault[] {
  const archived = Object.entries(packages).filter(([, entry]) => entry.archived);
  return archived.map(([key]) => ({
    path: `trunkline:packages.${key}.archived`,
    message: "is true, and this stack has not told yet what is in the project",
    fix: "Run pulumi up once without it.",
  }));
}

/** A fault for each package and distribution that must not leave the stack yet. */
export async function findLosses(
  configuration: Stack,
  before: Declared,
  count: CountPackages,
): Promise<Fault[]> {
  const { apt, packages, distributions } = configuration;
  const kept = new Set(Object.keys(packages).map((key) => pathBefore({ packages }, key, before)));
  const lost = Object.entries(before.packages).flatMap(([project, { key, protect }]) =>
    protect && !kept.has(project) ? [toPackageFault(key, project, configuration.onDestroy)] : [],
  );
  const gone = Object.entries(before.distributions).filter(
    ([codename]) => distributions[codename] === undefined,
  );
  const held = await Promise.all(
    gone.map(async ([codename, { repository, protect, released }]) => {
      if (protect) return [toDistributionFault(codename, repository, undefined)];
      const length = released ? 0 : await count(repository);
      return length > 0 ? [toDistributionFault(codename, repository, length)] : [];
    }),
  );
  return [
    ...lost,
    ...held.flat(),
    ...findMoves(apt, before),
    ...findLostGroups(configuration, before),
  ];
}

/** A group takes every project in it along, also those of others. */
function findLostGroups(configuration: Stack, before: Declared): Fault[] {
  const groups = Object.values(configuration.groups);
  const kept = groups
    .filter(({ existing }) => !existing)
    .map(({ path }) => nameInGroup(configuration, "packages", path));
  return Object.entries(before.groups).flatMap(([name, group]) => {
    const isOthers = groups.some(({ path, existing }) => path === group.path && existing);
    const isLost = !kept.includes(name) && (group.protect || (group.deleted && isOthers));
    return isLost ? [toGroupFault(group, isOthers)] : [];
  });
}

function toGroupFault({ place, path, protect, deleted }: DeclaredGroup, isOthers: boolean): Fault {
  const what = isOthers ? "is existing: true now" : "has left the configuration";
  if (!protect) {
    const message = `${what}, and onDestroy: delete would delete the group "${path}" with all its projects`;
    const fix =
      "Set trunkline:onDestroy to archive, run pulumi up without existing: true, and add it then.";
    return { path: place, message, fix };
  }
  const end = deleted ? "onDestroy: delete deletes it then" : "it stays in GitLab";
  return {
    path: place,
    message: `${what}, and trunkline:protect keeps the group "${path}"`,
    fix: `Put it back. To let it leave the stack, set trunkline:protect to false, run pulumi up, and change it then; ${end}.`,
  };
}

/** Pulumi would replace repositories and publications, whose names these are part of. */
function findMoves(
  { prefix, repository }: Configuration["apt"],
  { distributions }: Declared,
): Fault[] {
  const kept = Object.entries(distributions).find(([, { protect }]) => protect);
  if (kept === undefined) return [];
  const [codename, there] = kept;
  const name = aptRepositoryName(repository, codename);
  const isRenamed = there.repository !== name;
  return [
    ...(isRenamed ? [toMoveFault("repository", there.repository, name)] : []),
    ...(there.prefix === prefix ? [] : [toMoveFault("prefix", there.prefix, prefix)]),
  ];
}

function toMoveFault(key: "repository" | "prefix", there: string, wanted: string): Fault {
  return {
    path: `trunkline:apt.${key}`,
    message: `replaces "${there}" by "${wanted}", and trunkline:protect keeps what is there`,
    fix: "Put it back. To lose what is published, set trunkline:protect to false, run pulumi up, and change it then.",
  };
}

function toPackageFault(key: string, project: string, onDestroy: Stack["onDestroy"]): Fault {
  const path = `trunkline:packages.${key}`;
  const own = project.slice(project.lastIndexOf("/") + 1);
  const end = onDestroy === "delete" ? "deleted for good (trunkline:onDestroy)" : "archived";
  const renamed = key === own ? `, or give its new name project: ${own}` : "";
  return {
    path,
    message: `has left the configuration, and trunkline:protect keeps its project "${project}"`,
    fix: `Put it back${renamed}. To retire it, add archived: true: the project becomes read-only, and what is published stays. To let it go, add protect: false, run pulumi up, and take it off then: the project is ${end}.`,
  };
}

function toDistributionFault(codename: string, repository: string, packages?: number): Fault {
  const path = `trunkline:distributions.${codename}`;
  const reason =
    packages === undefined
      ? `trunkline:protect keeps its repository "${repository}"`
      : `packages are in its repository "${repository}" (${packages})`;
  return {
    path,
    message: `has left the configuration, and ${reason}`,
    fix: "Put it back. To retire it, take it off the distributions of the packages alone: what is published stays. To lose what is published, add protect: false, run pulumi up, and take it off then.",
  };
}
