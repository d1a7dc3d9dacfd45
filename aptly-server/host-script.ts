import { readFileSync } from "node:fs";

/** The text of a script of `host-scripts/`; its head says what it wants. */
export function readHostScript(name: "aptly-proxy" | "aptly-server"): string {
  return readFileSync(new URL(`host-scripts/${name}.sh`, import.meta.url), "utf8");
}
