import { z } from "zod";
import { checkRunner } from "../runner/checks.ts";
import { checkHost } from "../runner/host.ts";
import type { Fault } from "../validation/config-error.ts";
import { lenient } from "../validation/lenient.ts";
import { toConfigPath } from "./faults.ts";
import { reaches } from "./groups.ts";
import { runnerEntry } from "./schema.ts";

const { tags, runUntagged, protected: safe, paused, scope, package: served } = runnerEntry.shape;
const { group, architecture } = runnerEntry.shape;
const decisive = z.object({
  tags: lenient(tags),
  runUntagged: lenient(runUntagged),
  protected: lenient(safe),
  paused: lenient(paused),
  scope: lenient(scope),
  package: lenient(served),
  group: lenient(group),
  architecture: lenient(architecture),
});
const unreadable = {
  tags: null,
  runUntagged: null,
  protected: null,
  paused: null,
  scope: null,
  package: null,
  group: null,
  architecture: null,
};

/** What decides whose jobs a runner takes. A value that cannot be read may mean that it takes them. */
export const runnerView = decisive.catch(unreadable);

export type RunnerView = z.output<typeof runnerView>;

/** What decides whether a package is in a runner's scope. No group is the stack's own; null is one that cannot be read. */
export interface Served {
  readonly name: string;
  readonly group?: string | null | undefined;
}

/** The runners whose scope has the package's project in it; `main` is the stack's group. */
export function runnersOf<Runner extends Pick<RunnerView, "scope" | "package" | "group">>(
  served: Served,
  runners: Readonly<Record<string, Runner>>,
  main: string | null,
): Runner[] {
  return Object.values(runners).filter((runner) => {
    if (runner.scope === "project") return [served.name, null].includes(runner.package ?? null);
    if (runner.scope !== "group") return true;
    const group = runner.group === undefined ? main : runner.group;
    const other = served.group === undefined ? main : served.group;
    return group === null || other === null || reaches(group, other);
  });
}

/** Faults of one runner: combinations of its own settings, and the package that it serves. */
export function checkRunnerEntry(
  name: string,
  raw: unknown,
  packages: readonly string[] | null,
): Fault[] {
  const parsed = runnerEntry.safeParse(raw);
  if (!parsed.success) return [];
  const { existing, scope, package: served, group, ...written } = parsed.data;
  const { architecture: _, cacheSecret, host, ...settings } = written;
  return [
    ...(existing ? checkForeign(raw) : checkRunner(settings, cacheSecret !== undefined)),
    ...checkScope(scope, served, packages),
    ...checkGroupScope(scope, group),
    ...checkHost(host),
  ].map(({ path, ...fault }) => ({ path: `${toConfigPath(["runners", name])}.${path}`, ...fault }));
}

/** What others registered has no settings here, only what decides whose jobs it takes. */
const ofForeign: readonly string[] = [
  "existing",
  "tags",
  "scope",
  "group",
  "package",
  "architecture",
];

function checkForeign(raw: unknown): Fault[] {
  const written = Object.entries(raw ?? {});
  const missing = written.some(([key, value]) => key === "tags" && value.length > 0)
    ? []
    : [{ path: "tags", message: "is missing", fix: "Give the tags that the runner has." }];
  const settings = written
    .filter(([key]) => !ofForeign.includes(key))
    .map(([key]) => ({
      path: key,
      message: "is a setting of a runner that others registered",
      fix: "Remove it, or remove existing: true to register a runner.",
    }));
  return [...missing, ...settings];
}

function checkScope(
  scope: string,
  served: string | undefined,
  packages: readonly string[] | null,
): Fault[] {
  const path = "package";
  if (scope !== "project") {
    if (served === undefined) return [];
    const message = `is "${served}" but the scope is "${scope}"`;
    return [{ path, message, fix: "Remove it, or set scope: project." }];
  }
  if (served === undefined) {
    const fix = "Name the package whose project it serves.";
    return [{ path, message: "is missing for the scope project", fix }];
  }
  if (packages === null || packages.includes(served)) return [];
  const fix = "Declare it in trunkline:packages.";
  return [{ path, message: `"${served}" is not a package of this stack`, fix }];
}

function checkGroupScope(scope: string, group: string | undefined): Fault[] {
  if (scope === "group" || group === undefined) return [];
  const message = `is "${group}" but the scope is "${scope}"`;
  return [{ path: "group", message, fix: "Remove it, or set scope: group." }];
}

/** Jobs that look for a runner. */
export interface Jobs {
  /** Where their tags are written. */
  readonly path: string;
  readonly tags: readonly string[] | undefined;
  /** Undefined where the configuration does not tell architectures apart. */
  readonly architecture?: string | undefined;
}

/**
 * Faults of jobs that no declared runner would take, at least on some branches, or that one of another
 * architecture would take too.
 */
export function checkServed(
  { path, tags, architecture }: Jobs,
  runners: readonly RunnerView[],
  others: readonly RunnerView[] = [],
): Fault[] {
  const ofThis = architecture === undefined ? "" : ` of "${architecture}"`;
  const [only] = runners;
  if (only === undefined)
    return [{ path, message: `has no runner${ofThis} to serve it`, fix: toDeclare(architecture) }];
  if (tags === undefined && runners.length > 1) {
    const fix = `Say which of ${list(runners.flatMap((runner) => runner.tags ?? []))} its jobs carry.`;
    return [{ path, message: `is missing while there are several runners${ofThis}`, fix }];
  }
  const wanted = tags ?? only.tags;
  if (wanted === null) return [];
  if (tags === undefined && wanted.length === 0 && !only.runUntagged) return [];
  const serving = runners.filter((runner) => takes(runner, wanted));
  if (serving.length === 0) {
    const message =
      wanted.length === 0 ? "is empty" : `${list(wanted)} is served by no single runner${ofThis}`;
    return [{ path, message, fix: "Use the tags of one runner of trunkline:runners." }];
  }
  const foreign = others.filter((runner) => runner.tags !== null && takes(runner, wanted));
  if (foreign.length > 0) return [toForeignFault(path, wanted, foreign, ofThis)];
  return checkReady(path, list(wanted) || "none", serving);
}

function toDeclare(architecture: string | undefined): string {
  return architecture === undefined
    ? "Declare one under trunkline:runners."
    : `Declare one with architecture: ${architecture} under trunkline:runners, or give the package other architectures.`;
}

function toForeignFault(
  path: string,
  wanted: readonly string[],
  foreign: readonly RunnerView[],
  ofThis: string,
): Fault {
  const theirs = foreign.map(({ architecture }) => architecture ?? "the first architecture");
  const message = `${list(wanted) || "none"} is taken by a runner of ${list([...new Set(theirs)])} too`;
  const fix = `Give the runner${ofThis} a tag that no runner of another architecture has, and name it here.`;
  return { path, message, fix };
}

/** Whether a runner takes jobs with these tags, as far as tags decide. */
export function takes(
  { tags, runUntagged }: Pick<RunnerView, "tags" | "runUntagged">,
  wanted: readonly string[],
): boolean {
  if (wanted.length === 0) return runUntagged !== false;
  return tags === null || wanted.every((tag) => tags.includes(tag));
}

function checkReady(path: string, wanted: string, serving: readonly RunnerView[]): Fault[] {
  const ready = serving.filter(({ paused }) => !paused);
  if (ready.length === 0) {
    const fix = "Set paused: false on a runner with these tags.";
    return [{ path, message: `${wanted} is served by paused runners only`, fix }];
  }
  if (ready.some((runner) => !runner.protected)) return [];
  // Compile jobs run on every branch, and would wait for ever there.
  const fix = "Declare a runner with these tags that has protected: false.";
  return [{ path, message: `${wanted} is served on protected branches only`, fix }];
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
