import type { Fault } from "../validation/config-error.ts";
import { type Path, shapeFaults, toDottedPath } from "../validation/shape-faults.ts";
import { configurationSchema } from "./schema.ts";

/** Every key of the wrong type or form, missing or unknown. */
export function checkShape(raw: unknown): Fault[] {
  return shapeFaults({ schema: configurationSchema, raw, toPath: toConfigPath });
}

/** `["packages", "datahook", "uses", 1]` gives `trunkline:packages.datahook.uses[1]`. */
export function toConfigPath(path: Path): string {
  return `trunkline:${toDottedPath(path)}`;
}
