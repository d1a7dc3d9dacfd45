import { readFileSync } from "node:fs";
import type { BuildSystem } from "./package-shape.ts";

type Script =
  | "aptly"
  | "compile"
  | `compile-${BuildSystem}`
  | "handoff"
  | "retain"
  | "test"
  | "upload"
  | "uses";

/** The text of a file in `shell/`, as a job carries it. */
export function readScript(name: Script): string {
  return readFileSync(new URL(`./shell/${name}.sh`, import.meta.url), "utf8");
}
