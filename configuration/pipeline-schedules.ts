import { z } from "zod";
import { mapEntries } from "../validation/entries.ts";
import { cronExpression, timezone } from "../validation/schedules.ts";
import { text } from "../validation/schema-text.ts";
import { storedVariableKey } from "../validation/text-rules.ts";

const when = {
  cron: text(cronExpression).meta({ description: "When to run the pipeline, in five fields." }),
  timezone: text(timezone).default("UTC").meta({ description: "Time zone of `cron`." }),
};

/** The regular pipeline of the default branch. */
export const schedule = z.strictObject(when);

const value = z.string().meta({ keepsSecret: true, description: "The value." });

const scheduleVariable = z
  .union([
    value,
    z.strictObject({
      value,
      file: z.boolean().default(false).meta({
        description: "Jobs get the path of a file with the value.",
      }),
    }),
  ])
  .meta({ placeholder: "key" });

const furtherSchedule = z
  .strictObject({
    ...when,
    description: z.string().min(1).optional().meta({
      description: "What it is for.",
      unset: "its name",
    }),
    ref: z.string().min(1).optional().meta({
      description: "Branch or tag that it runs for.",
      unset: "the default branch",
    }),
    active: z.boolean().default(true).meta({ description: "Whether it runs at all." }),
    variables: z.record(text(storedVariableKey), scheduleVariable).default({}).meta({
      description:
        "What its pipelines get, by key: a value, or `{ value, file }`. Values are secrets in the state; GitLab cannot mask them.",
    }),
  })
  .meta({ placeholder: "schedule" });

/** Schedules by the names that the stack has for them. */
export const schedules = z.record(z.string().min(1), furtherSchedule).default({});

/** A schedule with everything decided but the default branch. */
export type ScheduleConfiguration = ReturnType<typeof completeSchedules>[string];

export function completeSchedules(written: z.output<typeof schedules>) {
  return mapEntries(written, (name, { description = name, variables, ...entry }) => ({
    ...entry,
    description,
    variables: mapEntries(variables, (_, each) =>
      typeof each === "string" ? { value: each, file: false } : each,
    ),
  }));
}
