import { writeFileSync } from "node:fs";
import { readCases } from "./pipeline/cases.ts";

for (const { name, golden, rendered } of await readCases()) {
  writeFileSync(golden, rendered);
  console.log(`accepted pipeline/${name}`);
}
