import { readFileSync } from "node:fs";

type Script = "aptly" | "compile" | "handoff" | "retain" | "test" | "upload" | "uses";

/** The text of a file in `scripts/`, as a job carries it. */
export function readScript(name: Script): string {
  return readFileSync(new URL(`./scripts/${name}.sh`, import.meta.url), "utf8");
}
