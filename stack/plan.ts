import type { AptRepositoryArgs } from "../components/apt-repository.ts";
import type { JobAccess } from "../components/job-access.ts";
import type { PackageGroup } from "../components/package-group.ts";
import type { PackageProjectArgs } from "../components/package-project.ts";
import type { TemplateProject, TemplateProjectArgs } from "../components/template-project.ts";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { runnersOf, takes } from "../configuration/runners.ts";
import { visibilities } from "../configuration/visibility.ts";
import { debianPackagePipeline, type Target } from "../pipeline/debian-package.ts";
import type { Include, Pipeline, TemplateReference } from "../pipeline/model.ts";
import { builderImageKey, builderImageVariable, templateBranch } from "../pipeline/names.ts";
import { renderTemplate } from "../pipeline/template.ts";
import { mapEntries } from "../validation/entries.ts";
import { planArchived } from "./archived.ts";
import { contentBefore, type Declared } from "./declared.ts";
import { groupOf, hasOwnPipelines, nameInGroup } from "./groups.ts";
import { toSchedules, toVariables, variablesIn } from "./variables.ts";

/** The apt repository that the pipelines upload to. */
export function planRepository({
  apt,
  distributions,
  onDestroy,
}: Configuration): AptRepositoryArgs {
  return {
    repository: apt.repository,
    prefix: apt.prefix,
    component: apt.component,
    architectures: apt.architectures,
    signingKey: apt.signingKey,
    release: planRelease(apt),
    acquireByHash: apt.acquireByHash,
    distributions: Object.keys(distributions),
    released: Object.keys(distributions).filter((each) => distributions[each]?.protect === false),
    forceDestroy: onDestroy === "delete",
  };
}

/** What is set; the rest stays as it is. */
function planRelease({ origin, label, notAutomatic, butAutomaticUpgrades }: Configuration["apt"]) {
  return {
    ...(origin !== undefined && { origin }),
    ...(label !== undefined && { label }),
    ...(notAutomatic !== undefined && { notAutomatic }),
    ...(butAutomaticUpgrades !== undefined && { butAutomaticUpgrades }),
  };
}

/**
 * The template projects by their names, one for each group but those whose pipelines are all their
 * teams' own. They stay when pipelines become inline, since branches that were cut before include them.
 */
export function planTemplates(
  configuration: Configuration,
  given: PlanContext & Pick<TemplateProjectArgs, "projectsMade">,
): Record<string, TemplateProjectArgs> {
  return Object.fromEntries(
    Object.keys(configuration.groups)
      .filter((path) => !hasOwnPipelines(configuration, ({ group }) => group === path))
      .map((group) => [
        nameInGroup(configuration, "ci", group),
        planTemplate(configuration, group, given),
      ]),
  );
}

/** What the plans of several projects refer to. */
interface PlanContext {
  /** By full path. */
  readonly groups: Readonly<Record<string, Pick<PackageGroup, "groupId">>>;
  /** By package. */
  readonly pipelines: Readonly<Record<string, Pipeline>>;
}

function planTemplate(
  { ci, onDestroy, packages }: Configuration,
  group: string,
  { groups, pipelines, projectsMade }: PlanContext & Pick<TemplateProjectArgs, "projectsMade">,
): TemplateProjectArgs {
  const including = Object.entries(packages).filter(
    ([, entry]) => entry.group === group && entry.pipeline === "include" && !entry.archived,
  );
  const seenBy = including.map(([, { visibility }]) => visibility);
  return {
    group,
    path: ci.project,
    namespaceId: groupOf(groups, { group }).groupId,
    pushAccessLevel: ci.pushAccessLevel,
    visibility: visibilities.findLast((each) => seenBy.includes(each)) ?? "private",
    onDestroy,
    template: renderTemplate(),
    pipelines: Object.fromEntries(
      including.flatMap(([name, { project }]) => {
        const pipeline = pipelines[name];
        return pipeline ? [[`${group}/${project}`, pipeline]] : [];
      }),
    ),
    projectsMade,
  };
}

type Templates = Readonly<Record<string, Pick<TemplateProject, "committed">>>;

interface ProjectContext extends PlanContext {
  readonly templates: Templates;
  readonly access: JobAccess;
  /** Numbers of users by name. */
  readonly users: Readonly<Record<string, number>>;
  /** What the last update declared. Default: nothing. */
  readonly before?: Declared | undefined;
}

/** A package's project. */
export function planProject(
  configuration: Configuration,
  name: string,
  given: ProjectContext,
): PackageProjectArgs {
  const entry = configuration.packages[name];
  const pipeline = given.pipelines[name];
  if (!entry || (!pipeline && entry.pipeline !== "own"))
    throw new Error(`there is no package "${name}"`);
  const isInExisting = configuration.groups[entry.group]?.existing;
  const inherited = isInExisting ? variablesIn(configuration, entry.group) : {};
  const args: PackageProjectArgs = {
    path: entry.project,
    namespaceId: groupOf(given.groups, entry).groupId,
    description: entry.description,
    visibility: entry.visibility,
    defaultBranch: entry.defaultBranch,
    protectedBranches: entry.protectedBranches,
    protectedTags: planProtectedTags(entry),
    ...(isInExisting && pipeline && ownAccess(entry, given.access)),
    members: mapEntries(entry.members, (username, accessLevel) => ({
      userId: userOf(given.users, username),
      accessLevel,
    })),
    variables: toVariables({ ...inherited, ...entry.variables }),
    schedule: entry.schedule,
    schedules: toSchedules(entry.schedules),
    mergeRequests: entry.mergeRequests,
    ...(pipeline && {
      instanceRunners: isServed(configuration, name, "instance") || undefined,
      groupRunners: isServed(configuration, name, "group") || undefined,
    }),
    onDestroy: configuration.onDestroy,
    pipeline,
    pipelineAfter: given.templates[nameInGroup(configuration, "ci", entry.group)]?.committed,
  };
  if (!entry.archived) return args;
  return planArchived(args, contentBefore(configuration, name, given.before));
}

/** What a package's jobs use of what the stack's are handed. */
function ownAccess(
  { distributions, imageGroup }: PackageConfiguration,
  { aptly, builderImages }: JobAccess,
) {
  const keys = distributions.map((codename) => builderImageKey(codename, imageGroup));
  const used = Object.entries(builderImages ?? {}).filter(([key]) => keys.includes(key));
  return { aptly, builderImages: Object.fromEntries(used) };
}

function userOf(users: Readonly<Record<string, number>>, username: string): number {
  const found = users[username];
  if (found === undefined) throw new Error(`the user "${username}" was not looked up`);
  return found;
}

/** The pipelines of all packages whose pipelines the stack writes, by name. */
export function planPipelines(configuration: Configuration): Record<string, Pipeline> {
  const written = Object.entries(configuration.packages).filter(
    ([, { pipeline }]) => pipeline !== "own",
  );
  return mapEntries(Object.fromEntries(written), (name, entry) =>
    planPipeline(configuration, name, entry),
  );
}

/** The pipeline that is committed to a package's project. */
export function planPipeline(
  configuration: Configuration,
  name: string,
  entry: PackageConfiguration,
): Pipeline {
  return debianPackagePipeline({
    package: name,
    targets: planTargets(entry),
    ...planArchitectures(configuration, entry),
    buildSystem: entry.buildSystem,
    architecture: entry.architecture,
    installPrefix: entry.installPrefix,
    uses: entry.uses.map((used) => used.replace(/^.*\//, "")),
    usedSources: listUsedSources(entry),
    sourceFolder: entry.sourceFolder,
    cmakeArguments: entry.cmakeArguments,
    cmakeVariables: entry.cmakeVariables,
    tests: entry.tests,
    keepVersions: entry.keepVersions,
    releaseTags: releaseTagsOf(entry),
    strictVersions: entry.strictVersions,
    apt: configuration.apt,
    stages: entry.stages,
    include: entry.include.map(toInclude),
    template: planTemplateReference(configuration, entry),
    origin: `trunkline:packages.${name} of the stack ${configuration.stack}`,
  });
}

/** The sources of uses that name one, `<source>/<package>`. */
function listUsedSources({ uses }: PackageConfiguration): string[] {
  const sources = uses
    .filter((used) => used.includes("/"))
    .map((used) => used.replace(/\/.*$/, ""));
  return [...new Set(sources)];
}

/** Nothing is said about architectures where a package is on the stack's first alone. */
function planArchitectures({ apt }: Configuration, { architectures }: PackageConfiguration) {
  const [first, ...further] = architectures;
  const isTold = first?.name !== apt.architectures[0] || further.length > 0;
  return { tags: first?.tags ?? [], architectures: isTold ? architectures : undefined };
}

/** The tags that release; undefined where a branch does. */
function releaseTagsOf({ release, releaseTags = "v*" }: PackageConfiguration): string | undefined {
  return release === "tags" ? releaseTags : undefined;
}

/** Protected variables, the upload's credentials among them, reach protected branches and tags alone. */
function planProtectedTags(entry: PackageConfiguration): PackageProjectArgs["protectedTags"] {
  const tags = releaseTagsOf(entry);
  return tags === undefined ? undefined : { [tags]: "maintainer" };
}

function planTemplateReference(
  { ci }: Configuration,
  { group, pipeline, ci: own }: PackageConfiguration,
): TemplateReference | undefined {
  if (pipeline === "inline") return undefined;
  return { project: `${group}/${ci.project}`, ref: own.ref ?? ci.ref ?? templateBranch };
}

type WrittenInclude = PackageConfiguration["include"][number];

function toInclude({ local, project, file, ref }: WrittenInclude): Include {
  if (local !== undefined) return { local };
  if (project !== undefined && file !== undefined) return { project, file, ref };
  throw new Error("the check let an include without a file through");
}

/** Whether a runner of that scope takes the package's jobs, which its project must allow. */
function isServed(configuration: Configuration, name: string, scope: "group" | "instance") {
  const { runners, packages, group } = configuration;
  const entry = packages[name];
  return runnersOf({ name, group: entry?.group }, runners, group).some(
    (runner) =>
      runner.scope === scope &&
      entry?.architectures.some(
        ({ name, tags }) => runner.architecture === name && takes(runner, tags),
      ),
  );
}

/** What a package's jobs name as their image, per distribution: its own, else the variable that holds the stack's. */
function planTargets(entry: PackageConfiguration): Target[] {
  const { distributions, images, imageGroup, on } = entry;
  return distributions.map((codename) => ({
    codename,
    image: images[codename] ?? `$${builderImageVariable(builderImageKey(codename, imageGroup))}`,
    cmakeArguments: on[codename]?.cmakeArguments,
    variables: on[codename]?.variables,
  }));
}
