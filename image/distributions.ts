/** The releases known by name. */
export type Codename = "xenial" | "bionic" | "focal" | "jammy" | "noble" | "bookworm" | "trixie";

export type Vendor = "ubuntu" | "debian";

export interface Distribution {
  readonly vendor: Vendor;
  /** The vendor's version number, for example `16.04` or `12`. */
  readonly version: string;
  /** Last day of free support for everybody (ISO date). */
  readonly standardSupportUntil: string;
  /** Last day of the longest ordinary extended support: Ubuntu Pro (ESM), Debian ELTS (ISO date). */
  readonly endOfLife: string;
  /**
   * Day after which the vendor is free to take the release off its ordinary mirrors: the end of
   * Ubuntu's legacy support, the end of Debian's LTS (ISO date).
   */
  readonly archivedAfter: string;
  /** The image that builder images start from when the configuration names none. */
  readonly baseImage: string;
  readonly apt: AptAbilities;
}

/** What not every release's own apt understands. */
export interface AptAbilities {
  /** ASCII-armoured `.asc` key files (apt 1.4); else keys must be binary `.gpg` files. */
  readonly armouredKeys: boolean;
  /** HTTPS without the package `apt-transport-https` (apt 1.5). */
  readonly https: boolean;
}

/** Of xenial, 1.2. */
const oldApt: AptAbilities = { armouredKeys: false, https: false };
/** From bionic's 1.6 on. */
const apt: AptAbilities = { armouredKeys: true, https: true };

/**
 * Dates: package distro-info-data of Debian and Ubuntu
 * (https://salsa.debian.org/debian/distro-info-data), columns eol, eol-esm or eol-elts, and
 * eol-legacy or eol-lts. apt versions: https://packages.ubuntu.com/apt, https://packages.debian.org/apt.
 */
export const distributions: Readonly<Record<Codename, Distribution>> = {
  xenial: {
    vendor: "ubuntu",
    version: "16.04",
    standardSupportUntil: "2021-04-30",
    endOfLife: "2026-04-23",
    archivedAfter: "2028-04-25",
    baseImage: "ubuntu:16.04",
    apt: oldApt,
  },
  bionic: {
    vendor: "ubuntu",
    version: "18.04",
    standardSupportUntil: "2023-05-31",
    endOfLife: "2028-04-26",
    archivedAfter: "2030-04-30",
    baseImage: "ubuntu:18.04",
    apt,
  },
  focal: {
    vendor: "ubuntu",
    version: "20.04",
    standardSupportUntil: "2025-05-29",
    endOfLife: "2030-04-23",
    archivedAfter: "2032-04-27",
    baseImage: "ubuntu:20.04",
    apt,
  },
  jammy: {
    vendor: "ubuntu",
    version: "22.04",
    standardSupportUntil: "2027-06-01",
    endOfLife: "2032-04-21",
    archivedAfter: "2034-04-25",
    baseImage: "ubuntu:22.04",
    apt,
  },
  noble: {
    vendor: "ubuntu",
    version: "24.04",
    standardSupportUntil: "2029-05-31",
    endOfLife: "2034-04-25",
    archivedAfter: "2036-04-29",
    baseImage: "ubuntu:24.04",
    apt,
  },
  bookworm: {
    vendor: "debian",
    version: "12",
    standardSupportUntil: "2026-07-11",
    endOfLife: "2033-06-30",
    archivedAfter: "2028-06-30",
    baseImage: "debian:bookworm",
    apt,
  },
  trixie: {
    vendor: "debian",
    version: "13",
    standardSupportUntil: "2028-08-09",
    endOfLife: "2035-06-30",
    archivedAfter: "2030-06-30",
    baseImage: "debian:trixie",
    apt,
  },
};

const archives: Readonly<Record<Vendor, string>> = {
  ubuntu: "http://old-releases.ubuntu.com/ubuntu",
  debian: "http://archive.debian.org/debian",
};

export function isKnownCodename(name: string): name is Codename {
  return Object.hasOwn(distributions, name);
}

export interface DistributionFinding {
  readonly severity: "warning" | "error";
  /** Begins with the codename, quoted. */
  readonly message: string;
  readonly fix: string;
}

/**
 * What is wrong with building for a release today: an error past its end of life, a warning past
 * its standard support, nothing for a supported release or one that is not known by name.
 */
export function checkDistribution(name: string, today: Date): DistributionFinding[] {
  if (!isKnownCodename(name)) return [];
  const { vendor, version, standardSupportUntil, endOfLife } = distributions[name];
  const release = `"${name}" (${vendor} ${version})`;
  if (isPast(endOfLife, today)) {
    const message = `${release} has had no security updates since ${endOfLife}`;
    const fix =
      "Move to a newer release, or set acceptEndOfLife: true to build for it all the same.";
    return [{ severity: "error", message, fix }];
  }
  if (isPast(standardSupportUntil, today)) {
    const message = `${release} left standard support on ${standardSupportUntil}, extended support ends on ${endOfLife}`;
    const fix = "Plan the move to a newer release.";
    return [{ severity: "warning", message, fix }];
  }
  return [];
}

/** The vendor's archive, once the ordinary mirrors may have dropped the release; undefined before. */
export function archiveMirror(codename: Codename, today: Date): string | undefined {
  const { vendor, archivedAfter } = distributions[codename];
  return isPast(archivedAfter, today) ? archives[vendor] : undefined;
}

function isPast(lastDay: string, today: Date): boolean {
  return today.toISOString().slice(0, 10) > lastDay;
}
