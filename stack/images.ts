import type { Resource } from "@pulumi/pulumi";
import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import type { BuilderImageRequest } from "../image/builder-image.ts";
import { type Platform, platformOf } from "../image/platforms.ts";
import { builderPackages } from "../pipeline/debian-package.ts";
import { builderImageKey } from "../pipeline/names.ts";
import { listBuilders } from "../pipeline/package-shape.ts";
import { type AptConnections, toFurtherSources, toMirror, toOwnSource } from "./apt-sources.ts";

/** A builder image to make, or one made elsewhere to use. */
export interface PlannedBuilderImage extends BuilderImageRequest {
  /** One for each architecture that a package is built for in it. Default: the component's. */
  readonly platforms?: readonly Platform[] | undefined;
  readonly existing?: string | undefined;
}

/** A Debian package that the configuration names. */
export interface Dependency {
  readonly name: string;
  /** Where in the configuration. */
  readonly path: readonly (string | number)[];
}

type Packages = Pick<Configuration, "packages">;
type Image = Pick<BuilderImageRequest, "codename" | "group">;

/**
 * One builder image for each distribution that a package is built for, and one for each group of
 * packages there, with the build dependencies of all of them. By what the stack calls them: the
 * codename, and the group.
 */
export function planImages(
  configuration: Configuration,
  connections: AptConnections,
  tools = builderPackages,
): Record<string, PlannedBuilderImage> {
  const used = Object.keys(configuration.distributions).flatMap((codename) => {
    const packages = Object.values(configuration.packages).filter(
      (entry) => isOn(entry, codename) && entry.images[codename] === undefined,
    );
    return [...new Set(packages.map(({ imageGroup }) => imageGroup))].map((group) => ({
      codename,
      group,
    }));
  });
  return Object.fromEntries(
    used.map((image) => [
      builderImageKey(image.codename, image.group),
      planImage(configuration, image, connections, tools),
    ]),
  );
}

function planImage(
  configuration: Configuration,
  { codename, group }: Image,
  connections: AptConnections,
  tools: typeof builderPackages,
): PlannedBuilderImage {
  const { baseImage, image, vendor, version, before } = distributionOf(configuration, codename);
  const building = packagesIn(configuration, { codename, group })
    .filter(([, entry]) => isBuiltOn(entry, codename))
    .flatMap(([, { buildSystem }]) => tools[buildSystem]);
  const needed = listDependencies(configuration, { codename, group }).map(({ name }) => name);
  return {
    codename,
    group,
    vendor,
    version,
    baseImage,
    mirror: toMirror(configuration, codename, connections),
    before,
    furtherSources: toFurtherSources(configuration, codename, connections),
    // The check asks for it where an image is built.
    registry: configuration.registry ?? "",
    packages: [...new Set([...tools.always, ...building, ...needed])],
    source: toOwnSource(configuration, connections),
    sourceWhileBuilding: configuration.apt.inImages,
    ...planPlatforms(configuration, { codename, group }),
    existing: configuration.images === "existing" ? (image ?? baseImage) : image,
  };
}

/** One image serves the jobs of every architecture: each machine pulls its own platform. */
function planPlatforms(configuration: Configuration, image: Image) {
  const built = packagesIn(configuration, image).flatMap(([, { architectures }]) =>
    architectures.map(({ name }) => name),
  );
  const platforms = configuration.apt.architectures
    .filter((each) => built.includes(each))
    .flatMap((each) => platformOf(each) ?? []);
  return platforms.length > 0 ? { platforms } : {};
}

/** What must be published before an image can be built from it. */
export function readWhileBuilding(
  { apt }: Configuration,
  from: { readonly repository: Resource; readonly mirrors: Readonly<Record<string, Resource>> },
): Resource[] {
  return [...(apt.inImages ? [from.repository] : []), ...Object.values(from.mirrors)];
}

/** What a builder image carries for the packages, as often as it is named. */
export function listDependencies(packages: Packages, image: Image): Dependency[] {
  return packagesIn(packages, image).flatMap(([key, entry]) => {
    const { codename } = image;
    const { buildDepends, tests, on } = entry;
    const own = on[codename]?.buildDepends ?? [];
    const building = [
      ...toDependencies(buildDepends, key, "buildDepends"),
      ...toDependencies(own, key, "on", codename, "buildDepends"),
    ];
    return [
      ...(isBuiltOn(entry, codename) ? building : []),
      ...toDependencies(tests?.depends ?? [], key, "tests", "depends"),
    ];
  });
}

function toDependencies(names: readonly string[], ...at: readonly string[]): Dependency[] {
  return names.map((name, index) => ({ name, path: ["packages", ...at, index] }));
}

function packagesIn({ packages }: Packages, { codename, group }: Image) {
  return Object.entries(packages).filter(
    ([, entry]) => isOn(entry, codename) && entry.imageGroup === group,
  );
}

function isOn({ archived, distributions, pipeline }: PackageConfiguration, codename: string) {
  return !archived && pipeline !== "own" && distributions.includes(codename);
}

/** What is built once may need packages that only its first distribution has. */
function isBuiltOn({ architecture, distributions }: PackageConfiguration, codename: string) {
  return listBuilders(distributions, architecture).includes(codename);
}

function distributionOf({ distributions }: Configuration, codename: string) {
  const distribution = distributions[codename];
  if (!distribution)
    throw new Error(`the check let an undeclared distribution "${codename}" through`);
  return distribution;
}
