import type { Fault } from "./config-error.ts";
import { configurationSchema } from "./configuration-schema.ts";
import { type Path, shapeFaults, toDottedPath } from "./shape-faults.ts";

/** Every key of the wrong type or form, missing or unknown. */
export function checkShape(raw: unknown): Fault[] {
  return shapeFaults({ schema: configurationSchema, raw, toPath: toConfigPath });
}

/** `["packages", "datahook", "uses", 1]` gives `trunkline:packages.datahook.uses[1]`. */
export function toConfigPath(path: Path): string {
  return `trunkline:${toDottedPath(path)}`;
}
