import type { Namespace } from "./entities.ts";
import { checkGroupNames, type FieldFaults, fault, faultsOf } from "./names.ts";
import { refusal } from "./reply.ts";
import type { Store } from "./store.ts";

/** Where a group is to stand. */
export interface Place {
  name: string;
  path: string;
  parent_id: number | null;
}

/**
 * Refuses a group whose names break the rules or are taken. `self` is the group being changed.
 * A creation prints the faults as Ruby prints a hash, a change as JSON.
 */
export function checkGroupFaults(store: Store, place: Place, self?: Namespace): void {
  const { name, path, parent_id } = place;
  const names = checkGroupNames(name, path, parent_id === null);
  const faults = Object.keys(names).length > 0 ? names : listTaken(store, place, self);
  if (Object.keys(faults).length === 0) return;
  throw self
    ? refusal.invalid(faults)
    : refusal.sentence(400, `Failed to save group ${toRubyHash(faults)}`);
}

/** `{path: ["has already been taken"]}`, as Ruby prints a hash. */
function toRubyHash(faults: FieldFaults): string {
  const fields = Object.entries(faults).map(
    ([field, texts]) => `${field}: [${texts.map((text) => JSON.stringify(text)).join(", ")}]`,
  );
  return `{${fields.join(", ")}}`;
}

function listTaken(store: Store, { name, path, parent_id }: Place, self?: Namespace): FieldFaults {
  const siblings = store.namespaces.filter(
    (row) => row.id !== self?.id && (row.kind === "group" ? row.parent_id : null) === parent_id,
  );
  const projects = store.projects.filter((row) => row.namespace_id === parent_id);
  const same = (row: { path: string }) => row.path.toLowerCase() === path.toLowerCase();
  const nameTaken = siblings.some((row) => row.kind === "group" && row.name === name);
  const pathTaken = siblings.some(same) || projects.some(same);
  return faultsOf({
    name: nameTaken && parent_id !== null ? [fault.taken] : [],
    path: pathTaken ? [fault.taken] : [],
  });
}
