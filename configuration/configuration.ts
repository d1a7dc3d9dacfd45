import {
  archiveMirror,
  checkDistribution,
  distributions,
  isKnownCodename,
  type Vendor,
} from "../image/distributions.ts";
import { lacksSecurity, toRelease } from "../image/vendor-archives.ts";
import type { BuildArchitecture } from "../pipeline/machines.ts";
import { dueGeneration } from "../runner/rotation.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";
import { mapEntries } from "../validation/entries.ts";
import { completeArchitectures } from "./architectures.ts";
import { checkDates } from "./dates.ts";
import { checkShape, toConfigPath } from "./faults.ts";
import { completeGroups, type GroupConfiguration, mainPath } from "./groups.ts";
import { completeSchedules, type ScheduleConfiguration } from "./pipeline-schedules.ts";
import { checkReferences } from "./references.ts";
import { runnersOf } from "./runners.ts";
import { configurationSchema, type WrittenConfiguration } from "./schema.ts";
import { checkSecrets, SecretPaths, withoutSecrets } from "./secrets.ts";
import { completeVariables, type VariableConfiguration } from "./variables.ts";

type Written<Key extends "distributions" | "runners" | "packages"> =
  WrittenConfiguration[Key][string];

/** A distribution with what is known about its release filled in. */
export interface DistributionConfiguration extends Written<"distributions"> {
  readonly vendor: Vendor;
  readonly version: string;
  readonly baseImage: string;
}

/** A package with what its neighbours decide filled in. */
export interface PackageConfiguration
  extends Omit<
    Written<"packages">,
    "variables" | "distributions" | "schedules" | "architectures" | "tags" | "onArchitecture"
  > {
  /** Empty only for a pipeline of the team's own. */
  readonly distributions: readonly string[];
  /** Branch whose pipelines upload; undefined only for a pipeline of the team's own. */
  readonly defaultBranch?: string | undefined;
  readonly schedules: Readonly<Record<string, ScheduleConfiguration>>;
  /** Full path of the group that holds its project. */
  readonly group: string;
  /** Last part of the GitLab project's path. */
  readonly project: string;
  /** Versions that an upload leaves; undefined for all. */
  readonly keepVersions?: number | undefined;
  /** Whether an upload of a version that is there as another file always fails. */
  readonly strictVersions: boolean;
  /** Form of its pipeline. */
  readonly pipeline: WrittenConfiguration["pipeline"] | "own";
  /** Its project's variables by key, one for each scope. */
  readonly variables: Readonly<Record<string, readonly VariableConfiguration[]>>;
  /** What it is built for, with the runner tags of its jobs there; none only when a runner takes untagged jobs. */
  readonly architectures: readonly BuildArchitecture[];
}

export interface RunnerConfiguration extends Written<"runners"> {
  /** What its machine is. */
  readonly architecture: string;
  /** Full path of the group that it serves, for the scope `group`. */
  readonly group: string;
  readonly description: string;
  /** The one that is due today. */
  readonly generation: number;
}

/** A stack's configuration: valid, every default filled. The fields' meanings: `describeConfiguration`. */
export interface Configuration
  extends Omit<
    WrittenConfiguration,
    | "architectures"
    | "protect"
    | "group"
    | "groups"
    | "distributions"
    | "runners"
    | "packages"
    | "variables"
  > {
  readonly stack: string;
  /** Full path of the stack's own group. */
  readonly group: string;
  /** Every group by its full path, the stack's own included. */
  readonly groups: Readonly<Record<string, GroupConfiguration>>;
  /** The variables of all projects by key, one for each scope. */
  readonly variables: Readonly<Record<string, readonly VariableConfiguration[]>>;
  readonly protect: boolean;
  readonly distributions: Readonly<Record<string, DistributionConfiguration>>;
  readonly runners: Readonly<Record<string, RunnerConfiguration>>;
  readonly packages: Readonly<Record<string, PackageConfiguration>>;
  /** Sentences to show: distributions past their standard support or end of life. */
  readonly warnings: readonly string[];
}

export interface ReadConfigurationOptions {
  /** Decides which distributions are past their support. */
  readonly today: Date;
  readonly stack: string;
  /** Which values are secrets. Default: none. */
  readonly secrets?: SecretPaths;
}

/**
 * Reads a stack's configuration, given by key without namespace (`{ group: "infra", ... }`, see
 * `selectConfiguration`). Throws one ConfigError that lists every fault.
 */
export function readConfiguration(
  raw: Readonly<Record<string, unknown>>,
  { today, stack, secrets = new SecretPaths() }: ReadConfigurationOptions,
): Configuration {
  const faults = checkConfiguration(raw, today, secrets);
  const parsed = configurationSchema.safeParse(raw);
  if (faults.length > 0 || !parsed.success) {
    const limit = Number.POSITIVE_INFINITY;
    throw new ConfigError({ code: "configuration", subject: `Stack "${stack}"`, faults, limit });
  }
  return complete(parsed.data, { stack, today, secrets });
}

/** No other rule looks at a secret where none can be kept: it may quote it. */
function checkConfiguration(
  raw: Readonly<Record<string, unknown>>,
  today: Date,
  secrets: SecretPaths,
): Fault[] {
  const misplaced = checkSecrets(raw, secrets);
  if (misplaced.length > 0) return misplaced;
  const dates = checkDates(raw);
  if (dates.length > 0) return withoutSecrets(dates, raw, secrets);
  const faults = [...checkShape(raw), ...checkReferences(raw, today, secrets)];
  return withoutSecrets(faults, raw, secrets);
}

function complete(
  written: WrittenConfiguration,
  { stack, today, secrets = new SecretPaths() }: ReadConfigurationOptions,
): Configuration {
  const toVariables = (at: readonly string[], each: WrittenConfiguration["variables"]) =>
    completeVariables(each, (path) => secrets.has([...at, ...path]));
  const group = mainPath(written.group);
  const [first = ""] = written.apt.architectures;
  const runners = mapEntries(written.runners, (_, entry) => ({ architecture: first, ...entry }));
  const { architectures = [first], ...rest } = written;
  return {
    ...rest,
    stack,
    group,
    groups: completeGroups(written.group, written.groups, toVariables),
    variables: toVariables(["variables"], written.variables),
    protect: written.protect ?? stack !== "dev",
    distributions: mapEntries(written.distributions, (name, entry) =>
      completeDistribution(name, entry, today),
    ),
    runners: mapEntries(runners, (name, entry) => ({
      ...entry,
      group: entry.group ?? group,
      description: entry.description ?? name,
      generation: dueGeneration(entry, today),
    })),
    packages: mapEntries(written.packages, (name, { tags, onArchitecture, ...entry }) => ({
      ...entry,
      group: entry.group ?? group,
      project: entry.project ?? name,
      distributions: entry.distributions ?? [],
      defaultBranch: entry.defaultBranch ?? (entry.pipeline === "own" ? undefined : "main"),
      schedules: completeSchedules(entry.schedules),
      keepVersions: entry.keepVersions ?? written.apt.keepVersions,
      strictVersions: entry.strictVersions ?? written.apt.strictVersions,
      pipeline: entry.pipeline ?? written.pipeline,
      variables: toVariables(["packages", name, "variables"], entry.variables),
      architectures: completeArchitectures(
        { architectures: entry.architectures, tags, onArchitecture },
        architectures,
        (each) =>
          runnersOf({ name, group: entry.group }, runners, group).find(
            ({ architecture }) => architecture === each,
          )?.tags,
      ),
    })),
    warnings: Object.entries(written.distributions).flatMap(([name, entry]) => [
      ...checkDistribution(name, today).map(({ message, fix }) => `${message}. ${fix}`),
      ...warnOfMirror(name, entry),
    ]),
  };
}

function completeDistribution(
  name: string,
  entry: Written<"distributions">,
  today: Date,
): DistributionConfiguration {
  const known = isKnownCodename(name)
    ? { ...distributions[name], mirror: archiveMirror(name, today) }
    : undefined;
  const { vendor, version, baseImage, mirror } = { ...known, ...entry };
  if (vendor === undefined || version === undefined || baseImage === undefined) {
    throw new Error(`the check of distributions let "${name}" through unfinished`);
  }
  return { ...entry, vendor, version, baseImage, ...(mirror && { mirror }) };
}

/** Nobody says where the release's security updates are. */
function warnOfMirror(codename: string, { mirror, vendor, version }: Written<"distributions">) {
  const release = toRelease({ codename, vendor, version });
  if (mirror === undefined || !release) return [];
  const { url, ...given } = typeof mirror === "string" ? { url: mirror } : mirror;
  if (url === undefined || !lacksSecurity({ url, ...given }, release)) return [];
  const path = toConfigPath(["distributions", codename, "mirror"]);
  return [
    `${path}: the images of ${codename} get no security updates. Give { url, security: <the mirror of debian-security> }, or security: false.`,
  ];
}

/**
 * The keys of one namespace out of a stack's whole configuration, as `pulumi.runtime.allConfig()`
 * gives it: texts stay texts, lists, objects and booleans become values.
 */
export function selectConfiguration(
  all: Readonly<Record<string, string>>,
  namespace = "trunkline",
): Record<string, unknown> {
  const prefix = `${namespace}:`;
  const own = Object.entries(all).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), toValue(value)]));
}

function toValue(text: string): unknown {
  if (!/^(\[|\{|true$|false$)/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
