import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Compiles the generated SDKs, as npm does with a package before it is published. */
const sdks = join(import.meta.dirname, "../sdks");
const compiler = join(import.meta.dirname, "../node_modules/.bin/tsc");

for (const name of existsSync(sdks) ? readdirSync(sdks) : []) {
  execFileSync(compiler, ["--project", join(sdks, name)], { stdio: "inherit" });
}
