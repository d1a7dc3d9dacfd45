import { readFileSync } from "node:fs";

export type HostScript = "configure-runner" | "install-runner" | "remove-runner";

/** The text of a script of `host-scripts/`; its head says what it wants. */
export function readHostScript(name: HostScript): string {
  return readFileSync(new URL(`host-scripts/${name}.sh`, import.meta.url), "utf8");
}
