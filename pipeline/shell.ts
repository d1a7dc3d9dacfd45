import { readFileSync } from "node:fs";
import type { BuildSystem } from "./package-shape.ts";

type Script =
  | "aptly"
  | "compile"
  | `compile-${BuildSystem}`
  | "handoff"
  | "held"
  | "record"
  | "release"
  | "retain"
  | "same-bytes"
  | "test"
  | "upload"
  | "uses";

const names = new Map<string, Script>();

/** The text of a file in `shell/`, as a job carries it. */
export function readScript(name: Script): string {
  const text = readFileSync(new URL(`./shell/${name}.sh`, import.meta.url), "utf8");
  names.set(text, name);
  return text;
}

/** The file in `shell/` that a text was read from; `undefined` for any other text. */
export function nameOfScript(text: string): string | undefined {
  return names.get(text);
}
