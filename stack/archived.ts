import { z } from "zod";
import { toJobVariables } from "../components/job-access.ts";
import type { PackageProjectArgs } from "../components/package-project.ts";
import { listVariables, type Variables } from "../components/variables.ts";
import type { Pipeline } from "../pipeline/model.ts";
import { mapEntries } from "../validation/entries.ts";

/**
 * What a package's project has in it, by the names of resources. An archived project is read-only, so
 * nothing of it may come, go or change: its names alone count.
 */
export const content = z.object({
  /** Whether the stack keeps its pipeline. */
  pipeline: z.boolean(),
  defaultBranch: z.string().optional(),
  /** Keys, with `@` and the scope where they have one. */
  variables: z.array(z.string()),
  /** The variables of each schedule by its name; the regular one has none. */
  schedules: z.record(z.string(), z.array(z.string())),
  branches: z.array(z.string()),
  /** Protected tags. */
  tags: z.array(z.string()).default([]),
  members: z.array(z.string()),
});

export type Content = z.output<typeof content>;

export const noContent: Content = {
  pipeline: false,
  variables: [],
  schedules: {},
  branches: [],
  tags: [],
  members: [],
};

const regular = "";

/** What these arguments put into a project. */
export function toContent(args: PackageProjectArgs | undefined): Content {
  if (!args) return noContent;
  const { pipeline, defaultBranch, schedule, schedules = {}, members = {} } = args;
  const usual = pipeline ? [defaultBranch ?? "main"] : [];
  const variables = listVariables({ ...toJobVariables(args), ...args.variables });
  return {
    pipeline: pipeline !== undefined,
    defaultBranch,
    variables: variables.map(({ suffix }) => suffix),
    schedules: {
      ...(schedule && { [regular]: [] }),
      ...mapEntries(schedules, (_, each) => Object.keys(each.variables ?? {})),
    },
    branches: args.protectedBranches ? Object.keys(args.protectedBranches) : usual,
    tags: Object.keys(args.protectedTags ?? {}),
    members: Object.keys(members),
  };
}

/** The arguments of a project that is archived with this in it; what they say of that is not sent. */
export function planArchived(args: PackageProjectArgs, had: Content): PackageProjectArgs {
  const never = { cron: "0 0 * * *" };
  const { [regular]: usual, ...schedules } = had.schedules;
  return {
    ...args,
    archived: true,
    pipeline: had.pipeline ? (args.pipeline ?? noPipeline) : undefined,
    defaultBranch: had.defaultBranch,
    aptly: undefined,
    builderImages: undefined,
    variables: toVariables(had.variables),
    schedule: usual && never,
    schedules: mapEntries(schedules, (name, keys) => ({
      ...never,
      description: name,
      variables: Object.fromEntries(keys.map((key) => [key, { value: "" }])),
    })),
    protectedBranches: Object.fromEntries(
      had.branches.map((branch) => [branch, { push: "maintainer", merge: "developer" }] as const),
    ),
    protectedTags: Object.fromEntries(had.tags.map((tag) => [tag, "maintainer" as const])),
    members: Object.fromEntries(
      had.members.map((name) => [name, { userId: 0, accessLevel: "developer" }] as const),
    ),
  };
}

const noPipeline: Pipeline = { header: [], stages: [], jobs: [], hidden: [] };

function toVariables(suffixes: readonly string[]): Variables {
  const keys = new Set(suffixes.map((suffix) => suffix.split("@", 1)[0] ?? suffix));
  const scopesOf = (key: string) =>
    suffixes.flatMap((suffix) => {
      if (suffix === key) return [{ value: "" }];
      const scope = suffix.slice(key.length + 1);
      return suffix === `${key}@${scope}` ? [{ value: "", environmentScope: scope }] : [];
    });
  return Object.fromEntries([...keys].map((key) => [key, scopesOf(key)]));
}
