import { type Codename, distributions, isKnownCodename, type Vendor } from "./distributions.ts";

/** One index of packages: a component of a suite in an apt archive. */
export interface PackageSource {
  /** Address that has `dists/` below it. */
  readonly archive: string;
  readonly suite: string;
  readonly component: string;
}

/** What a builder image installs its packages from. */
export interface ImageSources {
  /** The release itself first, then what is added to it. */
  readonly sources: readonly PackageSource[];
  /** The base image is the vendor's own, so that it has no package from elsewhere. */
  readonly isVendors: boolean;
}

/** What decides it in a request for a builder image. */
export interface SourcesRequest {
  readonly codename: string;
  readonly baseImage: string;
  readonly mirror?: string | undefined;
}

/** The components that a mirror is used with. */
export function mirrorComponents(codename: string): readonly string[] {
  const isUbuntu = isKnownCodename(codename) && distributions[codename].vendor === "ubuntu";
  return isUbuntu ? ["main", "universe"] : ["main"];
}

/** Undefined where they are not known: those of a base image that is not the vendor's own. */
export function toSources(request: SourcesRequest): ImageSources | undefined {
  const { codename, baseImage, mirror } = request;
  const vendors = findVendors(codename, baseImage);
  const isVendors = vendors !== undefined;
  if (mirror === undefined) return vendors && { sources: vendors, isVendors };
  return { sources: sourcesOf(mirror, [codename], mirrorComponents(codename)), isVendors };
}

function findVendors(codename: string, baseImage: string): PackageSource[] | undefined {
  if (!isKnownCodename(codename) || !isVendorsImage(codename, baseImage)) return undefined;
  return vendorSources[distributions[codename].vendor](codename);
}

/** Tags of https://hub.docker.com/_/debian and /_/ubuntu, without those that have further sources. */
function isVendorsImage(codename: Codename, baseImage: string): boolean {
  const { vendor, version } = distributions[codename];
  const release = `(${codename}|${version.replace(".", "\\.")}(\\.\\d+)?)(-\\d{8}(\\.\\d+)?)?(-slim)?`;
  const image = `^(docker\\.io/)?(library/)?${vendor}:${release}(@sha256:[0-9a-f]{64})?$`;
  return new RegExp(image).test(baseImage);
}

/** As the images' own sources have them. */
const vendorSources: Readonly<Record<Vendor, (codename: string) => PackageSource[]>> = {
  debian: (codename) => [
    ...sourcesOf("http://deb.debian.org/debian", [codename, `${codename}-updates`], ["main"]),
    ...sourcesOf("http://deb.debian.org/debian-security", [`${codename}-security`], ["main"]),
  ],
  ubuntu: (codename) => {
    const suites = [codename, `${codename}-updates`, `${codename}-backports`];
    const components = ["main", "universe", "restricted", "multiverse"];
    const security = [`${codename}-security`];
    return [
      ...sourcesOf("http://archive.ubuntu.com/ubuntu", suites, components),
      ...sourcesOf("http://security.ubuntu.com/ubuntu", security, components),
    ];
  },
};

function sourcesOf(archive: string, suites: readonly string[], components: readonly string[]) {
  return suites.flatMap((suite) => components.map((component) => ({ archive, suite, component })));
}
