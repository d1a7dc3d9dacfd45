import { getOrganization, getProject, getStack, log, runtime } from "@pulumi/pulumi";
import { z } from "zod";
import type { PackageProjectArgs } from "../components/package-project.ts";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import { aptRepositoryName } from "../pipeline/names.ts";
import { mapEntries } from "../validation/entries.ts";
import { type Content, content, noContent, toContent } from "./archived.ts";
import { nameInGroup } from "./groups.ts";

const declaredPackage = z.object({
  /** Its key in the configuration. */
  key: z.string(),
  protect: z.boolean(),
  content,
});

const declaredDistribution = z.object({
  /** Name of its local repository. */
  repository: z.string(),
  prefix: z.string(),
  protect: z.boolean(),
  /** It may go although packages are in its repository. */
  released: z.boolean(),
});

const declaredGroup = z.object({
  /** Where the configuration says it. */
  place: z.string(),
  path: z.string(),
  protect: z.boolean(),
  /** It is deleted, with every project in it, when it leaves. */
  deleted: z.boolean(),
});

const schema = z.object({
  /** By their projects' full paths. */
  packages: z.record(z.string(), declaredPackage),
  /** By codename. */
  distributions: z.record(z.string(), declaredDistribution),
  /** Those that are the stack's, by their components' names. */
  groups: z.record(z.string(), declaredGroup).default({}),
});

/**
 * What a stack declares, kept as its output `declared`: the next update sees there, before it changes
 * anything, what has left the configuration.
 */
export type Declared = z.output<typeof schema>;

const nothing: Declared = { packages: {}, distributions: {}, groups: {} };

/**
 * What the last update declared that ran to its end: nothing before the first one, and `undefined` after
 * one by a program that did not tell.
 */
export async function readDeclared(): Promise<Declared | undefined> {
  const outputs = await readOutputs();
  if (Object.keys(outputs).length === 0) return nothing;
  if (outputs.declared === undefined) return undefined;
  const read = schema.safeParse(outputs.declared);
  if (read.success) return read.data;
  await log.warn("The output declared is of another trunkline: what has left is not looked for.");
  return undefined;
}

/** The stack's outputs after the last update that ran to its end; empty before the first one. */
export async function readOutputs(): Promise<Readonly<Record<string, unknown>>> {
  const { outputs } = await runtime.invoke("pulumi:pulumi:readStackOutputs", { name: ownName() });
  return outputs;
}

/** Backends of one's own have stacks without an organization. */
function ownName(): string {
  const organization = getOrganization();
  if (organization === "organization") return getStack();
  return `${organization}/${getProject()}/${getStack()}`;
}

/** What is declared with these arguments of the packages' projects, by key. */
export function toDeclared(
  configuration: Configuration,
  plans: Readonly<Record<string, PackageProjectArgs>>,
): Declared {
  const packages = Object.entries(configuration.packages).map(([key, entry]) => {
    const protect = entry.protect ?? configuration.protect;
    return [fullPath(entry), { key, protect, content: toContent(plans[key]) }] as const;
  });
  return {
    packages: Object.fromEntries(packages),
    distributions: mapEntries(configuration.distributions, (codename, { protect }) => ({
      repository: aptRepositoryName(configuration.apt.repository, codename),
      prefix: configuration.apt.prefix,
      protect: protect ?? configuration.protect,
      released: configuration.onDestroy === "delete" || protect === false,
    })),
    groups: Object.fromEntries(
      Object.values(configuration.groups)
        .filter(({ existing }) => !existing)
        .map(({ path }) => [
          nameInGroup(configuration, "packages", path),
          {
            place: toConfigPath(path === configuration.group ? ["group"] : ["groups", path]),
            path,
            protect: configuration.protect,
            deleted: configuration.onDestroy === "delete",
          },
        ]),
    ),
  };
}

/**
 * The full path under which a package's project was declared: the one that it has, or another that no
 * package has any more, when the project moves.
 */
export function pathBefore({ packages }: Packages, key: string, before: Declared) {
  const entry = packages[key];
  const path = entry ? fullPath(entry) : key;
  if (before.packages[path]) return path;
  const paths = new Set(Object.values(packages).map(fullPath));
  const moved = Object.entries(before.packages).find(
    ([other, there]) => there.key === key && !paths.has(other),
  );
  return moved?.[0];
}

type Packages = Pick<Configuration, "packages">;

export function fullPath({ group, project }: PackageConfiguration): string {
  return `${group}/${project}`;
}

/** What an archived package's project had in it when it was archived: nothing when it is new. */
export function contentBefore(configuration: Packages, key: string, before = nothing): Content {
  const path = pathBefore(configuration, key, before) ?? "";
  return before.packages[path]?.content ?? noContent;
}

/** By which name Pulumi knows a package, and by which an earlier program did; and whether it may go. */
export function optionsOf(configuration: Configuration, key: string, before = nothing) {
  const entry = configuration.packages[key];
  if (!entry) throw new Error(`there is no package "${key}"`);
  const toName = (path: string) => {
    const [project = path, ...group] = path.split("/").reverse();
    return nameInGroup(configuration, project, group.reverse().join("/"));
  };
  const name = toName(fullPath(entry));
  const others = new Set([key, toName(pathBefore(configuration, key, before) ?? fullPath(entry))]);
  const aliases = [...others].filter((other) => other !== name).map((other) => ({ name: other }));
  return { name, options: { protect: entry.protect ?? configuration.protect, aliases } };
}
