import { Cron } from "croner";
import type { TextRule } from "./text-rules.ts";

/** Five fields, as GitLab's pipeline schedules take them: https://docs.gitlab.com/topics/cron/ */
export const cronExpression: TextRule = (value) => {
  try {
    new Cron(value, { paused: true, mode: "5-part" });
    return undefined;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return {
      message: `"${value}" is not a cron expression`,
      fix: "Write minute, hour, day of month, month and day of week, for example 30 3 * * 1-5.",
    };
  }
};

/** An IANA name; GitLab also takes Rails' own names, which no other system knows. */
export const timezone: TextRule = (value) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      message: `"${value}" is not a time zone`,
      fix: "Use an IANA name, for example UTC or Europe/Berlin.",
    };
  }
};
