import type { Configuration, PackageConfiguration } from "../configuration/configuration.ts";
import { takes } from "../configuration/runners.ts";
import type { AptSource, BuilderImageRequest } from "../image/builder-image.ts";
import { builderImageVariable } from "../pipeline/names.ts";
import { type BuildSystem, listBuilders } from "../pipeline/package-shape.ts";
import type { HostSettings } from "../runner/host.ts";
import type { RunnerRequest } from "../runner/plan.ts";
import { mapEntries } from "../validation/entries.ts";
import { joinUrl } from "../validation/urls.ts";

/** A builder image to make, or one made elsewhere to use. */
export interface PlannedBuilderImage extends BuilderImageRequest {
  readonly existing?: string | undefined;
}

export interface BuilderImageOptions {
  /** Debian packages that the pipelines' scripts need: in every job, and by what builds a package. */
  readonly tools: Readonly<Record<"always" | BuildSystem, readonly string[]>>;
  /** Address of the published repositories, without prefix. */
  readonly aptUrl: string;
  /** ASCII-armoured public key of the published repositories. */
  readonly key: string;
}

/** One builder image for each distribution that a package is built for, with the build dependencies of all of them. */
export function planBuilderImages(
  configuration: Configuration,
  options: BuilderImageOptions,
): Record<string, PlannedBuilderImage> {
  const used = Object.keys(configuration.distributions).filter((codename) =>
    packagesOn(configuration, codename).some(({ images }) => images[codename] === undefined),
  );
  return Object.fromEntries(
    used.map((codename) => [codename, planImage(configuration, codename, options)]),
  );
}

function planImage(
  configuration: Configuration,
  codename: string,
  { tools, aptUrl, key }: BuilderImageOptions,
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
    registry: configuration.registry,
    packages: [...new Set([...tools.always, ...needed])],
    source: planSource(configuration, aptUrl, key),
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
  return Object.values(packages).filter(({ distributions }) => distributions.includes(codename));
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

/** A runner to register, and whose jobs it takes. */
export interface PlannedRunner {
  readonly request: RunnerRequest;
  readonly generation: number;
  readonly cacheSecret?: string | undefined;
  readonly scope: "group" | "project" | "instance";
  /** The package whose project it serves, for the scope `project`. */
  readonly package?: string | undefined;
  /** Where its process runs, when this stack brings it there. */
  readonly host?: HostSettings | undefined;
}

/** What each runner is registered with; jobs that name no image get the first distribution's base image. */
export function planRunners({
  runners,
  distributions,
}: Configuration): Record<string, PlannedRunner> {
  const [first] = Object.values(distributions);
  if (!first) throw new Error("the check let a configuration without distributions through");
  return mapEntries(
    runners,
    (_, { scope, package: served, generation, cacheSecret, ...written }) => {
      const { rotation, host, ...settings } = written;
      const request = { ...settings, image: first.baseImage };
      return { request, generation, cacheSecret, scope, package: served, host };
    },
  );
}

/** Whether a runner of the whole instance serves the package, which its project must allow. */
export function usesInstanceRunner({ runners }: Configuration, { tags }: PackageConfiguration) {
  return Object.values(runners).some(
    (runner) => runner.scope === "instance" && takes(runner, tags),
  );
}

/** What a package's jobs name as their image, per distribution: its own, else the variable that holds the stack's. */
export function planTargets({ distributions, images }: PackageConfiguration): Target[] {
  return distributions.map((codename) => ({
    codename,
    image: images[codename] ?? `$${builderImageVariable(codename)}`,
  }));
}

/** A codename and the image of its jobs. */
export interface Target {
  readonly codename: string;
  readonly image: string;
}
