import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import type { AptSource, BuilderImageRequest } from "../image/builder-image.ts";
import { builderPackages } from "../pipeline/debian-package.ts";
import { listBuilders } from "../pipeline/package-shape.ts";
import { toPublishedPath } from "../validation/publish-prefix.ts";
import { joinUrl } from "../validation/urls.ts";
import type { Connections } from "./connections.ts";

/** A builder image to make, or one made elsewhere to use. */
export interface PlannedBuilderImage extends BuilderImageRequest {
  readonly existing?: string | undefined;
}

/** A Debian package that the configuration names. */
export interface Dependency {
  readonly name: string;
  /** Where in the configuration. */
  readonly path: readonly (string | number)[];
}

type Packages = Pick<Configuration, "packages">;

/** One builder image for each distribution that a package is built for, with the build dependencies of all of them. */
export function planImages(
  configuration: Configuration,
  connections: Pick<Connections, "aptUrl" | "aptKey">,
  tools = builderPackages,
): Record<string, PlannedBuilderImage> {
  const used = Object.keys(configuration.distributions).filter((codename) =>
    packagesOn(configuration, codename).some(([, { images }]) => images[codename] === undefined),
  );
  return Object.fromEntries(
    used.map((codename) => [codename, planImage(configuration, codename, connections, tools)]),
  );
}

function planImage(
  configuration: Configuration,
  codename: string,
  { aptUrl, aptKey }: Pick<Connections, "aptUrl" | "aptKey">,
  tools: typeof builderPackages,
): PlannedBuilderImage {
  const { baseImage, image, mirror } = distributionOf(configuration, codename);
  const building = packagesOn(configuration, codename)
    .filter(([, entry]) => isBuiltOn(entry, codename))
    .flatMap(([, { buildSystem }]) => tools[buildSystem]);
  const needed = listDependencies(configuration, codename).map(({ name }) => name);
  return {
    codename,
    baseImage,
    mirror,
    // The check asks for it where an image is built.
    registry: configuration.registry ?? "",
    packages: [...new Set([...tools.always, ...building, ...needed])],
    source: planSource(configuration, aptUrl, aptKey),
    existing: configuration.images === "existing" ? (image ?? baseImage) : image,
  };
}

/** What a distribution's builder image carries for the packages, as often as it is named. */
export function listDependencies(packages: Packages, codename: string): Dependency[] {
  return packagesOn(packages, codename).flatMap(([key, entry]) => {
    const { buildDepends, tests } = entry;
    return [
      ...(isBuiltOn(entry, codename) ? toDependencies(buildDepends, key, "buildDepends") : []),
      ...toDependencies(tests?.depends ?? [], key, "tests", "depends"),
    ];
  });
}

function toDependencies(names: readonly string[], ...at: readonly string[]): Dependency[] {
  return names.map((name, index) => ({ name, path: ["packages", ...at, index] }));
}

function planSource({ apt }: Configuration, aptUrl: string, key: string): AptSource {
  return {
    name: "trunkline",
    url: joinUrl(aptUrl, toPublishedPath(apt.prefix)),
    component: apt.component,
    architectures: apt.architectures,
    key,
  };
}

function packagesOn({ packages }: Packages, codename: string): [string, PackageConfiguration][] {
  return Object.entries(packages).filter(
    ([, { archived, distributions, pipeline }]) =>
      !archived && pipeline !== "own" && distributions.includes(codename),
  );
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
