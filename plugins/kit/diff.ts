import { isDeepStrictEqual } from "node:util";
import type { Properties } from "./property.ts";
import { unknown, type Values } from "./wire.ts";

export interface Difference {
  readonly property: string;
  readonly change: "add" | "update";
  readonly replace: boolean;
}

export interface Diff {
  readonly differences: readonly Difference[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * Compares what the program wants with what is there. An input that is not set is not managed: whatever
 * the server has for it stays. `due` are differences that the inputs do not show.
 */
export function diff(
  inputs: Properties,
  updatable: boolean,
  news: Values,
  state: Values,
  due: readonly Difference[] = [],
): Diff {
  const changed = Object.entries(inputs).filter(([key, property]) => {
    if (property.passive || news[key] === undefined) return false;
    return !isSame(property.same, news[key], state[key]);
  });
  const own = changed.map(([key, { replace }]) => ({
    property: key,
    change: state[key] === undefined ? ("add" as const) : ("update" as const),
    replace: !updatable || Boolean(replace),
  }));
  const differences = [...own, ...due];
  const movesAway =
    changed.some(([, { replace }]) => replace === true) || due.some(({ replace }) => replace);
  const replaces = differences.some(({ replace }) => replace);
  return { differences, deleteBeforeReplace: replaces && !movesAway };
}

/** The same differences, those of `properties` replacing the object, which then goes before its successor comes. */
export function withReplaced(found: Diff, properties: readonly string[]): Diff {
  if (properties.length === 0) return found;
  const replacing = found.differences.some(({ replace }) => replace);
  return {
    differences: found.differences.map((each) => ({
      ...each,
      replace: each.replace || properties.includes(each.property),
    })),
    deleteBeforeReplace: replacing ? found.deleteBeforeReplace : true,
  };
}

/** Whether the server's value is what is wanted, by the property's own measure if it has one. */
export function isSame(
  same: ((a: never, b: never) => boolean) | undefined,
  wanted: unknown,
  found: unknown,
): boolean {
  if (containsUnknown(wanted)) return false;
  if (same && wanted !== undefined && found !== undefined)
    return same(wanted as never, found as never);
  return isDeepStrictEqual(wanted, found);
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}
