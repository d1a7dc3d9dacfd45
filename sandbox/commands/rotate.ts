import "../../toolchain/settled-environment.ts";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../toolchain/paths.ts";
import { ConfigError } from "../../validation/config-error.ts";
import { stackName } from "./environment.ts";
import { raiseGeneration } from "./raise-generation.ts";

const runner = process.argv[2] ?? "";
const file = `Pulumi.${stackName}.yaml`;

try {
  const { text, generation } = raiseGeneration(
    readFileSync(join(repository, file), "utf8"),
    runner,
  );
  writeFileSync(join(repository, file), text);
  process.stdout.write(`${file}: generation ${generation} of the runner ${runner}\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
