import { type Config, isConfig } from "../lint/config.ts";
import { type JobVariable, layer, toVariable } from "./variables.ts";

/** The variables that a job's configuration gives it, those at the top of the file below its own. */
export function toYamlVariables(config: Config, job: Config): JobVariable[] {
  const choice = isConfig(job.inherit) ? (job.inherit.variables ?? true) : true;
  const top = readVariables(config.variables).filter(({ key }) =>
    Array.isArray(choice) ? choice.includes(key) : choice === true,
  );
  return layer(top, readVariables(job.variables));
}

/** Reads `variables`; an entry is a value, or a mapping that may forbid expansion. */
export function readVariables(given: unknown): JobVariable[] {
  if (!isConfig(given)) return [];
  return Object.entries(given).map(([key, entry]) => {
    const { value, expand } = isConfig(entry) ? entry : { value: entry };
    return toVariable(key, value == null ? "" : String(value), { raw: expand === false });
  });
}
