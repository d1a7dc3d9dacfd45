import { readdirSync } from "node:fs";

/** The cases of a folder, one folder each, in order. */
export function listCases(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
