import { z } from "zod";
import { distributions, isKnownCodename } from "../image/distributions.ts";
import { isVendorsImage } from "../image/package-sources.ts";
import { isFlat } from "../image/vendor-archives.ts";
import type { Fault } from "../validation/config-error.ts";
import { lenient } from "../validation/lenient.ts";
import {
  type AptSourceSetting,
  aptSourcesView,
  type MirrorSetting,
  mirror,
  mirrorsView,
} from "./apt-sources.ts";
import { toConfigPath } from "./faults.ts";

/** What the checks look at of a distribution, and of the stack. */
export const distributionSourcesView = z.object({
  mirror: lenient(mirror.optional()),
  aptSources: lenient(aptSourcesView),
});
export const sourcesView = z.object({
  aptSources: lenient(aptSourcesView),
  mirrors: lenient(mirrorsView),
});

type DistributionView = z.output<typeof distributionSourcesView> & {
  readonly baseImage?: string | null | undefined;
  readonly vendor?: string | null | undefined;
};
type Path = readonly (string | number)[];

interface View extends z.output<typeof sourcesView> {
  readonly distributions: Readonly<Record<string, DistributionView | null>> | null;
}

/** Faults of apt sources and mirrors that take two keys to see. */
export function checkSources(read: View): Fault[] {
  const places = Object.entries(read.distributions ?? {});
  return [
    ...Object.entries(read.mirrors ?? {}).flatMap(([name, each]) =>
      each === null ? [] : checkSnapshots(name, each),
    ),
    ...Object.entries(read.aptSources ?? {}).flatMap(([name, each]) =>
      each ? checkSource(["aptSources", name], name, each, read) : [],
    ),
    ...places.flatMap(([codename, entry]) =>
      entry === null ? [] : checkDistribution(codename, entry, read),
    ),
  ];
}

/** The sources that a distribution's images have; undefined where they cannot be told. */
export function sourcesOf(codename: string, read: View) {
  const own = read.distributions?.[codename]?.aptSources;
  if (!read.aptSources || !own) return undefined;
  const all = Object.entries({ ...read.aptSources, ...own });
  return all.flatMap(([name, source]) => (source === false ? [] : [name]));
}

function checkDistribution(codename: string, entry: DistributionView, read: View): Fault[] {
  const at = ["distributions", codename];
  const sources = Object.entries(entry.aptSources ?? {});
  return [
    ...checkRelease(codename, entry),
    ...checkMirror(codename, entry.mirror, read),
    ...sources.flatMap(([name, source]) => {
      if (source) return checkSource([...at, "aptSources", name], name, source, read);
      if (source === null || !read.aptSources || name in read.aptSources) return [];
      const message = `"${name}" is not in trunkline:aptSources`;
      const fix = "Remove it, or correct its name.";
      return [{ path: toConfigPath([...at, "aptSources", name]), message, fix }];
    }),
  ];
}

/** A codename with what belongs to another. */
function checkRelease(codename: string, { baseImage, vendor }: DistributionView): Fault[] {
  if (!isKnownCodename(codename)) return [];
  const known = distributions[codename];
  const names = Object.keys(distributions).filter(isKnownCodename);
  const other = baseImage && names.find((name) => isVendorsImage(name, baseImage));
  const faults: Fault[] = [];
  if (other && other !== codename) {
    const message = `"${baseImage}" is an image of ${other}`;
    const fix = `Take one of ${codename}, for example ${known.baseImage}.`;
    faults.push({ path: toConfigPath(["distributions", codename, "baseImage"]), message, fix });
  }
  if (vendor && vendor !== known.vendor) {
    const message = `is "${vendor}", but ${codename} is a release of ${known.vendor}`;
    faults.push({
      path: toConfigPath(["distributions", codename, "vendor"]),
      message,
      fix: "Remove it.",
    });
  }
  return faults;
}

function checkMirror(codename: string, given: DistributionView["mirror"], read: View): Fault[] {
  if (given === undefined || given === null || typeof given === "string") return [];
  const path = ["distributions", codename, "mirror"];
  const { name, url, security } = given;
  const origin = checkOrigin(path, { name, url });
  const suites = given.suites ?? (name === undefined ? [] : [codename]);
  const ofOwn = origin.length > 0 ? [] : checkNamed([...path, "name"], name, suites, read);
  const vendor = isKnownCodename(codename)
    ? distributions[codename].vendor
    : read.distributions?.[codename]?.vendor;
  const message = "is about Debian's security archive, and Ubuntu's suite is in the mirror itself";
  const needless =
    security !== undefined && vendor === "ubuntu"
      ? [{ path: toConfigPath([...path, "security"]), message, fix: "Remove it." }]
      : [];
  return [...origin, ...ofOwn, ...needless];
}

/** Names of files that a builder image has anyway. */
const ownFiles = ["trunkline", "trunkline-mirror"];

function checkSource(path: Path, name: string, source: AptSourceSetting, read: View): Fault[] {
  const { url, mirror, suites = [], components } = source;
  if (ownFiles.includes(name)) {
    const message = `"${name}" is the name of a file that every builder image has`;
    return [{ path: toConfigPath(path), message, fix: "Take another name." }];
  }
  const origin = checkOrigin(path, { url, mirror });
  if (origin.length > 0) return origin;
  const flat = suites.filter(isFlat);
  if (flat.length > 0 && (flat.length < suites.length || components)) {
    const message = `"${flat[0]}" is a flat repository, which has no components`;
    const fix = "Give other suites a source of their own, and leave components out.";
    return [{ path: toConfigPath([...path, "suites"]), message, fix }];
  }
  return checkNamed([...path, "mirror"], mirror, suites, read);
}

/** Exactly one of two keys. */
function checkOrigin(path: Path, keys: Readonly<Record<string, string | undefined>>): Fault[] {
  const given = Object.values(keys).filter((value) => value !== undefined);
  if (given.length === 1) return [];
  const both = Object.keys(keys).join(" and ");
  const message = given.length === 0 ? `has neither of ${both}` : `has ${both}`;
  return [{ path: toConfigPath(path), message, fix: "Give one of them." }];
}

/** A mirror of the stack's own, and what it must have. */
function checkNamed(
  path: Path,
  name: string | undefined,
  suites: readonly string[],
  { mirrors }: View,
): Fault[] {
  if (name === undefined || mirrors === null) return [];
  const found = mirrors[name];
  if (found === null) return [];
  if (!found) {
    const known = Object.keys(mirrors).map((each) => `"${each}"`);
    const fix = `Declare it there${known.length > 0 ? `, or use one of ${known.join(", ")}` : ""}.`;
    const message = `"${name}" is not in trunkline:mirrors`;
    return [{ path: toConfigPath(path), message, fix }];
  }
  const lacking = suites.filter((suite) => !found.suites.includes(suite));
  if (lacking.length === 0) return [];
  const message = `"${name}" has no suite ${lacking.map((each) => `"${each}"`).join(", ")}`;
  const fix = `Add it to trunkline:mirrors.${name}.suites, which has ${found.suites.join(", ")}.`;
  return [{ path: toConfigPath(path), message, fix }];
}

function checkSnapshots(name: string, { snapshots, published, suites }: MirrorSetting): Fault[] {
  const path = (key: string) => toConfigPath(["mirrors", name, key]);
  const faults: Fault[] = [];
  const flat = suites.find(isFlat);
  if (flat !== undefined) {
    const message = `"${flat}" is a flat repository, which aptly publishes under no name of its own`;
    const fix = "Name the archive itself under aptSources.";
    faults.push({ path: path("suites"), message, fix });
  }
  const unsorted = snapshots.find(
    (date, index) => index > 0 && date <= (snapshots[index - 1] ?? ""),
  );
  if (unsorted !== undefined) {
    const message = `has "${unsorted}" after a later or the same date`;
    faults.push({ path: path("snapshots"), message, fix: "Put the newest last, each once." });
  }
  if (published !== undefined && !snapshots.includes(published)) {
    const message = `"${published}" is not among its snapshots`;
    const fix = `Take one of ${snapshots.join(", ")}.`;
    faults.push({ path: path("published"), message, fix });
  }
  return faults;
}
