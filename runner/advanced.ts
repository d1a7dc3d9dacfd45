import { closest } from "fastest-levenshtein";
import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import { documentedNames, type Section, typedNames } from "./documented-names.ts";

const section = z.record(z.string(), z.json());

/** Settings by their names in `config.toml`, one map for each section that a runner's file has. */
export const advanced = z.strictObject({
  global: section.optional().meta({ description: "Above all sections.", unset: "none" }),
  runners: section.optional().meta({ description: "In `[[runners]]`.", unset: "none" }),
  docker: section.optional().meta({ description: "In `[runners.docker]`.", unset: "none" }),
  kubernetes: section.optional().meta({ description: "In `[runners.kubernetes]`.", unset: "none" }),
});

export type AdvancedSettings = z.output<typeof advanced>;

/** Refuses names that GitLab does not document, and those that have a key of their own here. */
export function checkAdvanced(settings: AdvancedSettings, executor: string): Fault[] {
  return (["global", "runners", "docker", "kubernetes"] as const).flatMap((name) => {
    const entries = settings[name];
    if (entries === undefined) return [];
    if ((name === "docker" || name === "kubernetes") && name !== executor) {
      const message = `is set but the executor is "${executor}"`;
      return [{ path: `advanced.${name}`, message, fix: `Remove it, or use ${name}.` }];
    }
    return Object.keys(entries).flatMap((key) => checkName(name, key));
  });
}

function checkName(name: Section, key: string): Fault[] {
  const path = `advanced.${name}.${key}`;
  const own = typedNames[name][key];
  if (own !== undefined) {
    return [{ path, message: "has a key of its own", fix: `Set ${own} instead.` }];
  }
  if (documentedNames[name].includes(key)) return [];
  const near = closest(key, [...documentedNames[name], ...Object.keys(typedNames[name])]);
  const message = `"${key}" is not a setting that GitLab documents for this section`;
  return [{ path, message, fix: `Did you mean "${near}"?` }];
}
