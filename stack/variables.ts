import { secret } from "@pulumi/pulumi";
import type { NamedSchedule } from "../components/package-project.ts";
import type { Variables } from "../components/variables.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { depth, reaches } from "../configuration/groups.ts";
import type { ScheduleConfiguration } from "../configuration/pipeline-schedules.ts";
import type { VariableConfiguration } from "../configuration/variables.ts";
import { mapEntries } from "../validation/entries.ts";

/** Variables as the components take them, what is secret as Pulumi's own secrets. */
export function toVariables(
  variables: Readonly<Record<string, readonly VariableConfiguration[]>>,
): Variables {
  return mapEntries(variables, (_, scoped) =>
    scoped.map(({ secret: isSecret, value, ...variable }) => ({
      ...variable,
      value: isSecret ? secret(value) : value,
    })),
  );
}

/**
 * The variables that a group or what is in it needs of the stack and of the groups' own: those that no
 * group of the stack above it has already, from which GitLab hands them down. An existing group has none.
 */
export function variablesIn(
  { groups, variables }: Pick<Configuration, "groups" | "variables">,
  path: string,
): Configuration["variables"] {
  const line = Object.values(groups)
    .filter((group) => reaches(group.path, path))
    .sort((a, b) => depth(a) - depth(b));
  const above = line.findLastIndex((group) => !group.existing && group.path !== path);
  const own = line.slice(above + 1).map((group) => group.variables);
  return Object.assign({}, above === -1 ? variables : {}, ...own);
}

/** Schedules as the component takes them; GitLab shows their variables to those who may edit them alone. */
export function toSchedules(
  schedules: Readonly<Record<string, ScheduleConfiguration>>,
): Record<string, NamedSchedule> {
  return mapEntries(schedules, (_, { variables, ...schedule }) => ({
    ...schedule,
    variables: mapEntries(variables, (_, { value, file }) => ({ value: secret(value), file })),
  }));
}
