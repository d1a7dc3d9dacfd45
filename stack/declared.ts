import { getOrganization, getProject, getStack, log, runtime } from "@pulumi/pulumi";
import { z } from "zod";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { aptRepositoryName } from "../pipeline/names.ts";
import { mapEntries } from "../validation/entries.ts";

const declaredPackage = z.object({
  /** Its key in the configuration. */
  key: z.string(),
  protect: z.boolean(),
  /** Its project has a pipeline, a protected branch and what else a package has. */
  complete: z.boolean(),
  variables: z.array(z.string()),
  schedule: z.boolean(),
});

const declaredDistribution = z.object({
  /** Name of its local repository. */
  repository: z.string(),
  prefix: z.string(),
  protect: z.boolean(),
  /** It may go although packages are in its repository. */
  released: z.boolean(),
});

const schema = z.object({
  /** By their projects' paths. */
  packages: z.record(z.string(), declaredPackage),
  /** By codename. */
  distributions: z.record(z.string(), declaredDistribution),
});

/**
 * What a stack declares, kept as its output `declared`: the next update sees there, before it changes
 * anything, what has left the configuration.
 */
export type Declared = z.output<typeof schema>;

const nothing: Declared = { packages: {}, distributions: {} };

/**
 * What the last update declared that ran to its end: nothing before the first one, and `undefined` after
 * one by a program that did not tell.
 */
export async function readDeclared(): Promise<Declared | undefined> {
  const { outputs } = await runtime.invoke("pulumi:pulumi:readStackOutputs", { name: ownName() });
  if (Object.keys(outputs).length === 0) return nothing;
  if (outputs.declared === undefined) return undefined;
  const read = schema.safeParse(outputs.declared);
  if (read.success) return read.data;
  await log.warn("The output declared is of another trunkline: what has left is not looked for.");
  return undefined;
}

/** Backends of one's own have stacks without an organization. */
function ownName(): string {
  const organization = getOrganization();
  if (organization === "organization") return getStack();
  return `${organization}/${getProject()}/${getStack()}`;
}

export function toDeclared(configuration: Configuration, before = nothing): Declared {
  const packages = Object.entries(configuration.packages).map(
    ([key, entry]) => [entry.project, toPackage(configuration, key, before)] as const,
  );
  return {
    packages: Object.fromEntries(packages),
    distributions: mapEntries(configuration.distributions, (codename, { protect }) => ({
      repository: aptRepositoryName(configuration.apt.repository, codename),
      prefix: configuration.apt.prefix,
      protect: protect ?? configuration.protect,
      released: configuration.onDestroy === "delete" || protect === false,
    })),
  };
}

/** An archived package has what it had when it was archived. */
function toPackage(configuration: Configuration, key: string, before: Declared) {
  const entry = configuration.packages[key];
  if (!entry) throw new Error(`there is no package "${key}"`);
  const protect = entry.protect ?? configuration.protect;
  const had = entry.archived ? contentOf(configuration, key, before) : undefined;
  return { key, protect, ...(had ?? written(entry)) };
}

/**
 * The path under which a package's project was declared: the one that it has, or another that no package
 * has any more, when the project moves.
 */
export function pathBefore({ packages }: Packages, key: string, before: Declared) {
  const project = packages[key]?.project ?? key;
  if (before.packages[project]) return project;
  const paths = new Set(Object.values(packages).map((entry) => entry.project));
  const moved = Object.entries(before.packages).find(
    ([path, there]) => there.key === key && !paths.has(path),
  );
  return moved?.[0];
}

type Packages = Pick<Configuration, "packages">;

/** An archived package's project: what is in it stays as it is, so that its names alone count. */
export function planArchived(
  configuration: Configuration,
  key: string,
  entry: PackageConfiguration,
  before = nothing,
) {
  const { complete, variables, schedule } = contentOf(configuration, key, before);
  return {
    archived: true,
    manages: complete ? ("all" as const) : ("project" as const),
    variables: Object.fromEntries(variables.map((each) => [each, entry.variables[each] ?? ""])),
    schedule: schedule ? (entry.schedule ?? { cron: "0 0 * * *" }) : undefined,
  };
}

function contentOf(configuration: Packages, key: string, before: Declared) {
  const path = pathBefore(configuration, key, before) ?? "";
  const { complete, variables, schedule } = before.packages[path] ?? projectAlone;
  return { complete, variables, schedule };
}

const projectAlone = { complete: false, variables: [], schedule: false };

/** By which name Pulumi knows a package, and by which an earlier program did; and whether it may go. */
export function optionsOf(configuration: Configuration, key: string, before = nothing) {
  const { project, protect = configuration.protect } = configuration.packages[key] ?? {
    project: key,
  };
  const others = new Set([key, pathBefore(configuration, key, before) ?? key]);
  const aliases = [...others].filter((name) => name !== project).map((name) => ({ name }));
  return { name: project, options: { protect, aliases } };
}

function written({ variables, schedule }: PackageConfiguration) {
  return {
    complete: true,
    variables: Object.keys(variables),
    schedule: schedule !== undefined,
  };
}
