import { joinUrl } from "../validation/urls.ts";
import { distributions, isKnownCodename, type Vendor } from "./distributions.ts";

/** Suites of one apt archive, as a line of sources.list names them. */
export interface AptArchive {
  /** Address that has `dists/` below it. */
  readonly url: string;
  readonly suites: readonly string[];
  /** Empty for a flat repository, whose suites end in a slash. */
  readonly components: readonly string[];
}

/** Whose release it is decides which suites and components an archive of it has. */
export interface Release {
  readonly codename: string;
  readonly vendor: Vendor;
  /** The vendor's number; something else (`testing`) for a release that is not out. */
  readonly version: string;
}

/** A copy of the vendor's archive. */
export interface Mirror {
  /** Stands for `http://archive.ubuntu.com/ubuntu` or `http://deb.debian.org/debian`. */
  readonly url: string;
  /** Default: those of the vendor's archive that every image has (`-updates`, Ubuntu's `-security`). */
  readonly suites?: readonly string[] | undefined;
  /** Default: those that the vendor's images have. */
  readonly components?: readonly string[] | undefined;
  /**
   * Stands for `http://deb.debian.org/debian-security`; `false`: there is none. Default: beside a
   * Debian mirror whose address ends in `/debian`; with `suites`, and for Ubuntu, none.
   */
  readonly security?: string | false | undefined;
  /** It is a copy of the vendor's archive of old releases. Default: told by the archives' own hosts. */
  readonly archived?: boolean | undefined;
  /** ASCII-armoured public key that it is signed with. Default: one that the base image trusts. */
  readonly key?: string | undefined;
  /** Which state of it an image has, so that another state makes another image. Default: untold. */
  readonly state?: string | undefined;
}

const components: Readonly<Record<Vendor, readonly string[]>> = {
  debian: ["main"],
  ubuntu: ["main", "universe", "restricted", "multiverse"],
};

/** A release known by name, or as it is said beside its codename; undefined where nobody says it. */
export function toRelease(given: {
  readonly codename: string;
  readonly vendor?: Vendor | undefined;
  readonly version?: string | undefined;
}): Release | undefined {
  const known = isKnownCodename(given.codename) ? distributions[given.codename] : undefined;
  const { vendor = known?.vendor, version = known?.version } = given;
  if (vendor === undefined) return undefined;
  return { codename: given.codename, vendor, version: version ?? "" };
}

/** As the vendor's own images have them, the release itself first. */
export function vendorArchives(release: Release): AptArchive[] {
  const { codename, vendor } = release;
  const own = { components: components[vendor] };
  if (vendor === "debian") {
    const security = { url: "http://deb.debian.org/debian-security", ...own };
    return [
      { url: "http://deb.debian.org/debian", suites: debianSuites(release), ...own },
      ...(isOut(release) ? [{ ...security, suites: [debianSecurity(release)] }] : []),
    ];
  }
  const suites = [codename, `${codename}-updates`, `${codename}-backports`];
  return [
    { url: "http://archive.ubuntu.com/ubuntu", suites, ...own },
    { url: "http://security.ubuntu.com/ubuntu", suites: [`${codename}-security`], ...own },
  ];
}

/** The same from a mirror. Of a codename of which nobody knows the vendor: the release alone. */
export function mirrorArchives(codename: string, mirror: Mirror, release?: Release): AptArchive[] {
  const { url } = mirror;
  const own = {
    components: mirror.components ?? (release ? components[release.vendor] : ["main"]),
  };
  if (mirror.suites || !release) {
    const suites = mirror.suites ?? [codename];
    const flat = suites.every(isFlat) ? { components: [] } : own;
    return [{ url, suites, ...flat }, ...securityOf(mirror.security, own, release)];
  }
  if (release.vendor === "ubuntu") {
    const suites = [codename, `${codename}-updates`, `${codename}-security`];
    return [{ url, suites, ...own }];
  }
  // The last point release of an archived one has its updates in it.
  const suites = isArchived(mirror) ? [codename] : debianSuites(release);
  const security = mirror.security ?? besideDebian(url);
  return [{ url, suites, ...own }, ...securityOf(security, own, release)];
}

/** Whether a Debian mirror's security suite is neither said nor to be guessed. */
export function lacksSecurity({ url, suites, security }: Mirror, release: Release): boolean {
  const isOpen = suites === undefined && security === undefined && besideDebian(url) === false;
  return release.vendor === "debian" && isOut(release) && isOpen;
}

/** Whether its index may be past the day until which it says to be valid. */
export function isArchived({ url, archived }: Mirror): boolean {
  return archived ?? URL.parse(url)?.hostname === "archive.debian.org";
}

/** `./` and the like: https://wiki.debian.org/DebianRepository/Format#Flat_Repository_Format */
export function isFlat(suite: string): boolean {
  return suite.endsWith("/");
}

function securityOf(
  url: string | false | undefined,
  own: Pick<AptArchive, "components">,
  release: Release | undefined,
): AptArchive[] {
  if (!url || !release || !isOut(release)) return [];
  return [{ url, suites: [debianSecurity(release)], ...own }];
}

/** Where Debian's own hosts and most mirrors have it. https://www.debian.org/mirror/list */
function besideDebian(url: string): string | false {
  const base = joinUrl(url);
  return base.endsWith("/debian") && `${base}-security`;
}

function debianSuites(release: Release): string[] {
  const { codename } = release;
  return isOut(release) ? [codename, `${codename}-updates`] : [codename];
}

/** https://www.debian.org/releases/bullseye/amd64/release-notes/ch-information#security-archive */
function debianSecurity({ codename, version }: Release): string {
  return Number.parseInt(version, 10) < 11 ? `${codename}/updates` : `${codename}-security`;
}

/** unstable and testing have neither updates nor, as a rule, security updates. */
function isOut({ version }: Release): boolean {
  return /^\d/.test(version);
}
