import "../../toolchain/settled-environment.ts";
import { writeFileSync } from "node:fs";
import { readCases as readPipelineCases } from "./pipeline/cases.ts";
import { readCases as readRunnerCases } from "./runner/cases.ts";

const kinds = { pipeline: await readPipelineCases(), runner: await readRunnerCases() };

for (const [kind, cases] of Object.entries(kinds)) {
  for (const { name, golden, rendered } of cases) {
    writeFileSync(golden, rendered);
    console.log(`accepted ${kind}/${name}`);
  }
}
