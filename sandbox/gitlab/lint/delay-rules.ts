import { type Config, isConfig } from "./config.ts";
import { parseDuration } from "./duration.ts";

/** Seconds that a job may be put off. */
const longest = 7 * 24 * 60 * 60;

/**
 * Checks `start_in` of a job and of its rules; gives GitLab's sentences.
 *
 * @see https://docs.gitlab.com/ci/yaml/#whendelayed
 */
export function checkDelays(name: string, job: Config): string[] {
  const rules = [job.rules].flat(3).filter(isConfig);
  const faults = [
    ...(job.rules == null ? checkDelay(`jobs:${name} start in`, job) : []),
    ...rules.flatMap((rule) => checkDelay(`jobs:${name}:rules:rule start in`, rule)),
  ];
  return [...new Set(faults)];
}

function checkDelay(place: string, { when, start_in }: Config): string[] {
  if (when !== "delayed") return start_in == null ? [] : [`${place} must be blank`];
  const seconds = parseDuration(String(start_in ?? ""));
  if (seconds === undefined) return [`${place} should be a duration`];
  return seconds > longest ? [`${place} should not exceed the limit`] : [];
}
