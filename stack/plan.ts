import { secret } from "@pulumi/pulumi";
import type { AptRepositoryArgs } from "../components/apt-repository.ts";
import type { PackageGroupArgs } from "../components/package-group.ts";
import type { PackageProjectArgs } from "../components/package-project.ts";
import type { TemplateProjectArgs } from "../components/template-project.ts";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { takes } from "../configuration/runners.ts";
import { debianPackagePipeline, type Target } from "../pipeline/debian-package.ts";
import type { Include, Pipeline, TemplateReference } from "../pipeline/model.ts";
import { builderImageVariable, templateBranch } from "../pipeline/names.ts";
import { renderTemplate } from "../pipeline/template.ts";
import { mapEntries } from "../validation/entries.ts";
import type { Connections } from "./connections.ts";
import { type Declared, planArchived } from "./declared.ts";

/** From the few to all. */
const visibilities = ["private", "internal", "public"] as const;

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
    distributions: Object.keys(distributions),
    released: Object.keys(distributions).filter((each) => distributions[each]?.protect === false),
    forceDestroy: onDestroy === "delete",
  };
}

/** The group of all packages. */
export function planGroup(
  { group, onDestroy }: Configuration,
  { aptlyUrl, aptUrl, aptlyUsername, aptlyPassword }: Connections,
  builderImages: PackageGroupArgs["builderImages"],
): PackageGroupArgs {
  return {
    path: group,
    aptly: { url: aptlyUrl, aptUrl, username: aptlyUsername, password: secret(aptlyPassword) },
    builderImages,
    onDestroy,
  };
}

/**
 * The template project by its name. It stays when pipelines become inline, since branches that were cut
 * before include it.
 */
export function planTemplates(
  { ci, group, onDestroy, packages }: Configuration,
  given: Pick<TemplateProjectArgs, "namespaceId" | "projectsMade"> & {
    readonly pipelines: Readonly<Record<string, Pipeline>>;
  },
): Record<string, TemplateProjectArgs> {
  const including = Object.entries(packages).filter(
    ([, { pipeline, archived }]) => pipeline === "include" && !archived,
  );
  const seenBy = including.map(([, { visibility }]) => visibility);
  const args: TemplateProjectArgs = {
    group,
    path: ci.project,
    namespaceId: given.namespaceId,
    pushAccessLevel: ci.pushAccessLevel,
    visibility: visibilities.findLast((each) => seenBy.includes(each)) ?? "private",
    onDestroy,
    template: renderTemplate(),
    pipelines: Object.fromEntries(
      including.flatMap(([name, { project }]) => {
        const pipeline = given.pipelines[name];
        return pipeline ? [[`${group}/${project}`, pipeline]] : [];
      }),
    ),
    projectsMade: given.projectsMade,
  };
  return { ci: args };
}

/** A package's project. */
export function planProject(
  configuration: Configuration,
  name: string,
  given: Pick<PackageProjectArgs, "namespaceId" | "pipelineAfter"> & {
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    /** What the last update declared. Default: nothing. */
    readonly before?: Declared | undefined;
  },
): PackageProjectArgs {
  const entry = configuration.packages[name];
  const pipeline = given.pipelines[name];
  if (!entry || !pipeline) throw new Error(`there is no package "${name}"`);
  return {
    path: entry.project,
    namespaceId: given.namespaceId,
    description: entry.description,
    visibility: entry.visibility,
    defaultBranch: entry.defaultBranch,
    variables: entry.variables,
    schedule: entry.schedule,
    instanceRunners: usesInstanceRunner(configuration, entry),
    onDestroy: configuration.onDestroy,
    pipeline,
    pipelineAfter: given.pipelineAfter,
    ...(entry.archived && planArchived(configuration, name, entry, given.before)),
  };
}

/** The pipelines of all packages, by name. */
export function planPipelines(configuration: Configuration): Record<string, Pipeline> {
  return mapEntries(configuration.packages, (name, entry) =>
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
    tags: entry.tags,
    buildSystem: entry.buildSystem,
    architecture: entry.architecture,
    installPrefix: entry.installPrefix,
    uses: entry.uses,
    cmakeArguments: entry.cmakeArguments,
    tests: entry.tests,
    keepVersions: entry.keepVersions,
    apt: configuration.apt,
    stages: entry.stages,
    include: entry.include.map(toInclude),
    template: planTemplateReference(configuration, entry),
    origin: `trunkline:packages.${name} of the stack ${configuration.stack}`,
  });
}

function planTemplateReference(
  { ci, group }: Configuration,
  { pipeline, ci: own }: PackageConfiguration,
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

/** Whether a runner of the whole instance serves the package, which its project must allow. */
function usesInstanceRunner({ runners }: Configuration, { tags }: PackageConfiguration): boolean {
  return Object.values(runners).some(
    (runner) => runner.scope === "instance" && takes(runner, tags),
  );
}

/** What a package's jobs name as their image, per distribution: its own, else the variable that holds the stack's. */
function planTargets({ distributions, images }: PackageConfiguration): Target[] {
  return distributions.map((codename) => ({
    codename,
    image: images[codename] ?? `$${builderImageVariable(codename)}`,
  }));
}
