import { readFileSync } from "node:fs";

/** The text of a file in `scripts/`, as a job carries it. */
export function readScript(name: "compile" | "handoff" | "aptly" | "upload" | "uses"): string {
  return readFileSync(new URL(`./scripts/${name}.sh`, import.meta.url), "utf8");
}
