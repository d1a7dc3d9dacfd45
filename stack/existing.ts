import * as gitlab from "@pulumi/gitlab";
import type { Configuration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import type { Fault } from "../validation/config-error.ts";
import { refuse } from "./refuse.ts";

/** Numbers in GitLab of what the configuration names and does not make. */
export interface Existing {
  /** Users by name. */
  readonly users: Readonly<Record<string, number>>;
}

/** Throws when GitLab has no such object, or does not answer. */
export interface Lookups {
  user(username: string): Promise<number>;
  group(fullPath: string): Promise<number>;
}

const inGitLab: Lookups = {
  user: async (username) => (await gitlab.getUser({ username })).userId,
  group: async (fullPath) => (await gitlab.getGroup({ fullPath })).groupId,
};

/**
 * Looks up users and groups that must be there before anything is created, each once. One error lists
 * all that are missing, each at every place that names it.
 */
export async function findExisting(
  configuration: Configuration,
  lookups = inGitLab,
): Promise<Existing> {
  const places = [...memberPlaces(configuration)];
  const faults: Fault[] = [];
  const find = async (name: string, paths: readonly string[], lookup: keyof Lookups) => {
    try {
      return [[name, await lookups[lookup](name)] as const];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      faults.push(...paths.map((path) => toFault(path, name, lookup, error)));
      return [];
    }
  };
  const users = await Promise.all(places.map(([name, paths]) => find(name, paths, "user")));
  await Promise.all(groupPlaces(configuration).map(([name, path]) => find(name, [path], "group")));
  refuse(configuration, faults);
  return { users: Object.fromEntries(users.flat()) };
}

function toFault(path: string, name: string, kind: string, error: Error): Fault {
  if (!/\bis no (user|group) that\b|not found/i.test(error.message)) {
    return { path, message: `"${name}" cannot be looked up`, fix: error.message };
  }
  const message = `"${name}" is no ${kind} that the token sees`;
  return { path, message, fix: "Check the spelling and the token's rights." };
}

function memberPlaces({ packages }: Configuration): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const [name, { members }] of Object.entries(packages)) {
    for (const username of Object.keys(members)) {
      const path = toConfigPath(["packages", name, "members", username]);
      places.set(username, [...(places.get(username) ?? []), path]);
    }
  }
  return places;
}

function groupPlaces({ groups, group }: Configuration): [string, string][] {
  return Object.values(groups)
    .filter(({ existing }) => existing)
    .map(({ path }) => [path, toConfigPath(path === group ? ["group", "path"] : ["groups", path])]);
}
