import { secret } from "@pulumi/pulumi";
import type { NamedSchedule } from "../components/package-project.ts";
import type { Variables } from "../components/variables.ts";
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

/** Schedules as the component takes them; GitLab shows their variables to those who may edit them alone. */
export function toSchedules(
  schedules: Readonly<Record<string, ScheduleConfiguration>>,
): Record<string, NamedSchedule> {
  return mapEntries(schedules, (_, { variables, ...schedule }) => ({
    ...schedule,
    variables: mapEntries(variables, (_, { value, file }) => ({ value: secret(value), file })),
  }));
}
