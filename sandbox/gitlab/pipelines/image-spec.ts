import { isConfig, isStringList } from "../lint/config.ts";

/** An image or a service. https://docs.gitlab.com/ci/yaml/#image */
export interface ImageSpec {
  name: string;
  alias?: string;
  entrypoint?: string[];
  command?: string[];
  pull_policy?: string[];
  variables?: Record<string, string>;
  docker?: { platform?: string; user?: string };
}

/** Reads `image`. */
export function toImage(given: unknown): ImageSpec | null {
  if (typeof given === "string") return { name: given };
  if (!isConfig(given) || typeof given.name !== "string") return null;
  return {
    name: given.name,
    ...(typeof given.alias === "string" && { alias: given.alias }),
    ...(isStringList(given.entrypoint) && { entrypoint: given.entrypoint }),
    ...(isStringList(given.command) && { command: given.command }),
    ...(given.pull_policy != null && { pull_policy: [given.pull_policy].flat().map(String) }),
    ...(isConfig(given.variables) && { variables: toTexts(given.variables) }),
    ...(isConfig(given.docker) && { docker: toTexts(given.docker) }),
  };
}

/** Reads `services`. */
export function toServices(given: unknown): ImageSpec[] {
  if (!Array.isArray(given)) return [];
  return given.map(toImage).filter((image) => image !== null);
}

function toTexts(given: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
}
