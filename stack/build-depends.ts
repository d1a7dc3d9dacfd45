import { homedir } from "node:os";
import { join } from "node:path";
import { log } from "@pulumi/pulumi";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Configuration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import { nameBuilderImage } from "../image/builder-image.ts";
import { readNames, UnreadIndex } from "../image/package-index.ts";
import { type PackageSource, toSources } from "../image/package-sources.ts";
import { builderImageKey } from "../pipeline/names.ts";
import type { Fault } from "../validation/config-error.ts";
import { readOutputs } from "./declared.ts";
import { listDependencies, type PlannedBuilderImage } from "./images.ts";
import { describeFaults, refuse } from "./refuse.ts";

type Images = Readonly<Record<string, PlannedBuilderImage>>;
type Packages = Pick<Configuration, "packages">;
type ReadNames = (source: PackageSource) => Promise<ReadonlySet<string>>;

/** What apt would not find, by how sure it is. */
export interface Findings {
  /** The image cannot be built. */
  readonly errors: readonly Fault[];
  /** It cannot, unless its base image has the package. */
  readonly warnings: readonly Fault[];
  /** Sentences: indices that cannot be read. */
  readonly unread: readonly string[];
}

/**
 * Ends the program before anything changes when an image that is due could not be built, because apt
 * would not find a package by its name.
 */
export async function checkBuildDepends(
  configuration: Configuration,
  images: Images,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  const read: ReadNames = (source) => readNames(source, join(cache, "trunkline", "package-names"));
  const due = selectDue(images, (await readOutputs()).builderImages);
  const { errors, warnings, unread } = await findMissing(configuration, due, read);
  for (const sentence of unread) await log.warn(sentence);
  if (warnings.length > 0) await log.warn(describeFaults(configuration, warnings));
  refuse(configuration, errors);
}

/** The images that an update builds: apt has found all that the others have. */
export function selectDue(images: Images, builtBefore: unknown): PlannedBuilderImage[] {
  const built = z.record(z.string(), z.string()).catch({}).parse(builtBefore);
  return Object.values(images).filter((image) => {
    if (image.existing !== undefined) return false;
    const { tag } = nameBuilderImage(image);
    return built[builderImageKey(image.codename, image.group)]?.split("@")[0] !== tag;
  });
}

/** Looks for every package of every image in the image's sources, as far as these are known. */
export async function findMissing(
  configuration: Packages,
  images: readonly PlannedBuilderImage[],
  read: ReadNames,
): Promise<Findings> {
  const all = await Promise.all(images.map((image) => findInImage(configuration, image, read)));
  return {
    errors: all.flatMap(({ errors = [] }) => errors),
    warnings: all.flatMap(({ warnings = [] }) => warnings),
    unread: all.flatMap(({ unread = [] }) => unread),
  };
}

async function findInImage(
  configuration: Packages,
  image: PlannedBuilderImage,
  read: ReadNames,
): Promise<Partial<Findings>> {
  const { codename, packages } = image;
  const known = toSources(image);
  if (known === undefined) return {};
  const found = await search(packages, known.sources, read).catch(toUnread);
  if ("unread" in found) {
    const path = toConfigPath(["distributions", codename]);
    const what = "the names of the packages in its builder image were not checked";
    return { unread: [`${path}: ${what}. ${found.unread}.`] };
  }
  const { missing, names } = found;
  const faults = missing.flatMap((name) => toFaults(configuration, image, name, names));
  return known.isVendors && !isPublishedByStack(image)
    ? { errors: faults }
    : { warnings: faults.map(orInBaseImage) };
}

function toUnread(error: unknown): { readonly unread: string } {
  if (error instanceof UnreadIndex) return { unread: error.message };
  throw error;
}

/** Reads no further source than it takes to find all: those of the releases are large. */
async function search(
  wanted: readonly string[],
  sources: readonly PackageSource[],
  read: ReadNames,
) {
  const all: string[][] = [];
  let missing = wanted;
  for (const source of sources) {
    if (missing.length === 0) break;
    const there = await read(source);
    missing = missing.filter((name) => !there.has(name));
    all.push([...there]);
  }
  return { missing, names: all.flat() };
}

/** One at each place that names the package. */
function toFaults(
  { packages }: Packages,
  image: PlannedBuilderImage,
  name: string,
  names: readonly string[],
): Fault[] {
  const { codename } = image;
  const message = `"${name}" is in no apt source of the builder image of ${codename}`;
  const places = listDependencies({ packages }, image).filter((each) => each.name === name);
  if (places.length > 0) {
    const fix = toFix(name, names);
    return places.map(({ path }) => ({ path: toConfigPath(path), message, fix }));
  }
  const fix = "The jobs need it: give a mirror that has it.";
  return [{ path: toConfigPath(["distributions", codename]), message, fix }];
}

/** The update may publish first what the image is built from. */
function isPublishedByStack({ mirror, furtherSources = [] }: PlannedBuilderImage): boolean {
  const mirrors = typeof mirror === "object" ? [mirror, ...furtherSources] : furtherSources;
  return mirrors.some(({ state }) => state !== undefined);
}

function toFix(name: string, names: readonly string[]): string {
  const near = names.length > 0 ? closest(name, names) : "";
  const isNear = distance(name, near) <= Math.max(2, name.length / 3);
  return isNear
    ? `Did you mean "${near}"?`
    : "Correct its name; what this stack builds belongs under uses.";
}

function orInBaseImage({ message, ...fault }: Fault): Fault {
  return { ...fault, message: `${message}, which fails unless the base image has it` };
}
