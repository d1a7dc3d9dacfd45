import { type FieldFaults, fault, faultsOf } from "./names.ts";

/** What decides whether a variable may be stored. */
export interface VariableRules {
  key: string;
  value: string;
  masked: boolean;
  raw: boolean;
}

const plainMasked = /^[a-zA-Z0-9_+=/@:.~-]{8,}$/;
const rawMasked = /^\S{8,}$/;

/**
 * Faults of a CI/CD variable by field, uniqueness apart.
 * https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable
 */
export function checkVariable({ key, value, masked, raw }: VariableRules): FieldFaults {
  const maskable = (raw ? rawMasked : plainMasked).test(value);
  return faultsOf({
    key: [
      ...(key === "" ? [fault.blank] : []),
      ...(key.length > 255 ? [fault.tooLong] : []),
      ...(/^[a-zA-Z0-9_]+$/.test(key) ? [] : ["can contain only letters, digits and '_'."]),
    ],
    value: [
      ...(value.length > 10_000 ? ["is too long (maximum is 10000 characters)"] : []),
      ...(masked && !maskable ? ["is invalid"] : []),
    ],
  });
}
