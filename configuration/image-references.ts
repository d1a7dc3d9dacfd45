import { builderImageKey } from "../pipeline/names.ts";
import type { Fault } from "../validation/config-error.ts";
import { readable } from "../validation/lenient.ts";
import { toConfigPath } from "./faults.ts";

interface PackageView {
  readonly imageGroup?: string | null | undefined;
  readonly distributions: readonly (string | null)[] | null;
  readonly buildDepends: readonly (string | null)[] | null;
}

/** What the checks of builder images look at. */
interface View {
  readonly packages: Readonly<Record<string, PackageView | null>> | null;
  readonly distributions: Readonly<Record<string, unknown>> | null;
}

/** Two images of one name: a group of packages on one distribution, and a distribution. */
export function checkImageKeys({ packages, distributions: declared }: View): Fault[] {
  return Object.entries(packages ?? {}).flatMap(([name, entry]) => {
    const { imageGroup, distributions: targets = [] } = entry ?? {};
    if (!imageGroup) return [];
    const clash = readable(targets).find((each) => declared?.[builderImageKey(each, imageGroup)]);
    if (clash === undefined) return [];
    const message = `"${imageGroup}" on ${clash} would have the image of ${builderImageKey(clash, imageGroup)}`;
    const path = toConfigPath(["packages", name, "imageGroup"]);
    return [{ path, message, fix: "Take another name." }];
  });
}

/** Images that need what is built in one another can never be built from nothing. */
export function checkImageLoops({ packages }: View): Fault[] {
  const entries = Object.entries(packages ?? {});
  const needs = (group: string | undefined) =>
    entries
      .filter(([, entry]) => entry && (entry.imageGroup ?? undefined) === group)
      .flatMap(([, entry]) => readable(entry?.buildDepends ?? []))
      .flatMap((name) => packages?.[name] ?? [])
      .map(({ imageGroup }) => imageGroup ?? undefined);
  return entries.flatMap(([name, entry]) =>
    readable(entry?.buildDepends ?? []).flatMap((dependency, index): Fault[] => {
      const own = entry?.imageGroup ?? undefined;
      const other = packages?.[dependency];
      const theirs = other?.imageGroup ?? undefined;
      if (!other || theirs === own || !reachesGroup(theirs, own, needs)) return [];
      const message = `"${dependency}" is built in an image that needs a package of this one's`;
      const path = toConfigPath(["packages", name, "buildDepends", index]);
      return [{ path, message, fix: "List it under uses, or build one of them in a third group." }];
    }),
  );
}

type Group = string | undefined;

function reachesGroup(from: Group, to: Group, needs: (group: Group) => readonly Group[]): boolean {
  const seen = new Set<Group>();
  const waiting = [from];
  for (const group of waiting) {
    if (group === to) return true;
    if (!seen.has(group)) waiting.push(...needs(group));
    seen.add(group);
  }
  return false;
}
