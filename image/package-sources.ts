import type { AptSource, FurtherSource } from "./apt-sources.ts";
import { type Codename, distributions, isKnownCodename, type Vendor } from "./distributions.ts";
import {
  type AptArchive,
  type Mirror,
  mirrorArchives,
  toRelease,
  vendorArchives,
} from "./vendor-archives.ts";

/** One index of packages: a component of a suite in an apt archive. */
export interface PackageSource {
  /** Address that has `dists/` below it. */
  readonly archive: string;
  readonly suite: string;
  /** Empty for a flat repository. */
  readonly component: string;
}

/** What a builder image installs its packages from. */
export interface ImageSources {
  /** The release itself first, then what is added to it. */
  readonly sources: readonly PackageSource[];
  /** Nothing else can have a package: the base image is the vendor's own and gets no other source. */
  readonly isVendors: boolean;
}

/** What decides it in a request for a builder image. */
export interface SourcesRequest {
  readonly codename: string;
  readonly vendor?: Vendor | undefined;
  readonly version?: string | undefined;
  readonly baseImage: string;
  readonly mirror?: string | Mirror | undefined;
  readonly furtherSources?: readonly FurtherSource[] | undefined;
  readonly before?: readonly string[] | undefined;
  readonly source?: AptSource | undefined;
  readonly sourceWhileBuilding?: boolean | undefined;
}

/** The archives of a request's mirror. */
export function toMirrorArchives(request: SourcesRequest, mirror: Mirror): AptArchive[] {
  return mirrorArchives(request.codename, mirror, toRelease(request));
}

export function toMirror(mirror: string | Mirror): Mirror {
  return typeof mirror === "string" ? { url: mirror } : mirror;
}

/** Undefined where they are not known: those of a base image that is not the vendor's own. */
export function toSources(request: SourcesRequest): ImageSources | undefined {
  const { codename, baseImage, mirror, furtherSources = [], before = [] } = request;
  const vendors = findVendors(codename, baseImage);
  const release =
    mirror === undefined
      ? vendors
      : toMirrorArchives(request, toMirror(mirror)).flatMap(listIndices);
  if (release === undefined) return undefined;
  const { source, sourceWhileBuilding } = request;
  const own = source && sourceWhileBuilding ? [toArchive(codename, source)] : [];
  const further = [...furtherSources, ...own].flatMap(listIndices);
  // What runs before may add a source that nobody reads here.
  const isVendors = vendors !== undefined && before.length === 0;
  return { sources: [...release, ...further], isVendors };
}

/** The team's own repository as one archive. */
export function toArchive(codename: string, { url, component }: AptSource): AptArchive {
  return { url, suites: [codename], components: [component] };
}

function findVendors(codename: string, baseImage: string): PackageSource[] | undefined {
  if (!isKnownCodename(codename) || !isVendorsImage(codename, baseImage)) return undefined;
  return vendorArchives({ codename, ...distributions[codename] }).flatMap(listIndices);
}

/** Tags of https://hub.docker.com/_/debian and /_/ubuntu, without those that have further sources. */
export function isVendorsImage(codename: Codename, baseImage: string): boolean {
  const { vendor, version } = distributions[codename];
  const release = `(${codename}|${version.replace(".", "\\.")}(\\.\\d+)?)(-\\d{8}(\\.\\d+)?)?(-slim)?`;
  const image = `^(docker\\.io/)?(library/)?${vendor}:${release}(@sha256:[0-9a-f]{64})?$`;
  return new RegExp(image).test(baseImage);
}

/** Each component of each suite has an index of its own. */
export function listIndices({ url, suites, components }: AptArchive): PackageSource[] {
  return suites.flatMap((suite) => {
    const parts = components.length > 0 ? components : [""];
    return parts.map((component) => ({ archive: url, suite, component }));
  });
}
