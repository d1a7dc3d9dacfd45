import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import type { AptSource, BuilderImageRequest } from "../image/builder-image.ts";
import { builderPackages } from "../pipeline/debian-package.ts";
import { listBuilders } from "../pipeline/package-shape.ts";
import { joinUrl } from "../validation/urls.ts";
import type { Connections } from "./connections.ts";

/** A builder image to make, or one made elsewhere to use. */
export interface PlannedBuilderImage extends BuilderImageRequest {
  readonly existing?: string | undefined;
}

/** One builder image for each distribution that a package is built for, with the build dependencies of all of them. */
export function planImages(
  configuration: Configuration,
  connections: Pick<Connections, "aptUrl" | "aptKey">,
  tools = builderPackages,
): Record<string, PlannedBuilderImage> {
  const used = Object.keys(configuration.distributions).filter((codename) =>
    packagesOn(configuration, codename).some(({ images }) => images[codename] === undefined),
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
  const needed = packagesOn(configuration, codename).flatMap((entry) => [
    ...(isBuiltOn(entry, codename) ? [...tools[entry.buildSystem], ...entry.buildDepends] : []),
    ...(entry.tests?.depends ?? []),
  ]);
  return {
    codename,
    baseImage,
    mirror,
    // The check asks for it where an image is built.
    registry: configuration.registry ?? "",
    packages: [...new Set([...tools.always, ...needed])],
    source: planSource(configuration, aptUrl, aptKey),
    existing: configuration.images === "existing" ? (image ?? baseImage) : image,
  };
}

function planSource({ apt }: Configuration, aptUrl: string, key: string): AptSource {
  return {
    name: "trunkline",
    url: joinUrl(aptUrl, apt.prefix),
    component: apt.component,
    architectures: apt.architectures,
    key,
  };
}

function packagesOn({ packages }: Configuration, codename: string): PackageConfiguration[] {
  return Object.values(packages).filter(
    ({ archived, distributions, pipeline }) =>
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
