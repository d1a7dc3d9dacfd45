import { z } from "zod";
import { mapEntries } from "../validation/entries.ts";
import { checkGroupPath } from "../validation/gitlab-paths.ts";
import { text } from "../validation/schema-text.ts";
import { type VariableConfiguration, variables } from "./variables.ts";

/** What a stack may say of a group besides its path. */
export const groupEntry = z
  .strictObject({
    existing: z.boolean().default(false).meta({
      description:
        "The group is there and somebody else's: it is looked up, and nothing of it is changed or deleted.",
    }),
    name: z.string().min(1).optional().meta({
      description: "The name shown.",
      unset: "as it is; of a new group the last part of its path",
    }),
    description: z.string().optional().meta({
      description: "What the group is for.",
      unset: "as it is",
    }),
    visibility: z.enum(["private", "internal", "public"]).optional().meta({
      description: "Who sees the group.",
      unset: "as it is; of a new group `private`",
    }),
    variables: variables.meta({
      description:
        "CI/CD variables of the projects in this group and in those below it; each replaces one of its name in `trunkline:variables`.",
      unset: "none",
    }),
  })
  .meta({ placeholder: "group" });

const path = text(checkGroupPath);

/** The stack's group: its path alone, or with what is said of it. */
export const mainGroup = z.union([
  path,
  z.strictObject({
    path: path.meta({ description: "Full path of the group." }),
    ...groupEntry.shape,
  }),
]);

export const furtherGroups = z.record(path, groupEntry).default({});

type GroupEntry = z.output<typeof groupEntry>;

/** A group that holds packages' projects. */
export interface GroupConfiguration extends Omit<GroupEntry, "variables"> {
  /** Full path. */
  readonly path: string;
  /** By key, one for each scope. */
  readonly variables: Readonly<Record<string, readonly VariableConfiguration[]>>;
}

/** Full path of the stack's own group. */
export function mainPath(main: z.output<typeof mainGroup>): string {
  return typeof main === "string" ? main : main.path;
}

/** Completes the variables that are written at a path below the namespace. */
type CompleteVariables = (
  path: readonly string[],
  written: GroupEntry["variables"],
) => GroupConfiguration["variables"];

/** Every group of a stack by its full path, the stack's own included. */
export function completeGroups(
  main: z.output<typeof mainGroup>,
  further: z.output<typeof furtherGroups>,
  toVariables: CompleteVariables,
): Record<string, GroupConfiguration> {
  const path = mainPath(main);
  const own = typeof main === "string" ? { existing: false, variables: {} } : main;
  return {
    [path]: { ...own, path, variables: toVariables(["group", "variables"], own.variables) },
    ...mapEntries(further, (each, entry) => ({
      ...entry,
      path: each,
      variables: toVariables(["groups", each, "variables"], entry.variables),
    })),
  };
}

/** Whether what a group has (runners, variables) reaches the projects of another: itself and those below. */
export function reaches(group: string, other: string): boolean {
  return `${other}/`.toLowerCase().startsWith(`${group}/`.toLowerCase());
}

/** How many groups its path names. */
export function depth({ path }: Pick<GroupConfiguration, "path">): number {
  return path.split("/").length;
}
