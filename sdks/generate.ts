import "../toolchain/settled-environment.ts";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { aptly } from "../plugins/aptly/plugin.ts";
import { gitlab } from "../plugins/gitlab/plugin.ts";
import { toSchema } from "../plugins/kit/schema.ts";

/**
 * Writes each plugin's schema and the TypeScript SDK that Pulumi's own generator makes of it.
 * Usage: generate.ts <sdkgen program> [output folder, default sdks]
 */
const [sdkgen, output = "sdks"] = process.argv.slice(2);
if (!sdkgen) throw new Error("usage: generate.ts <sdkgen program> [output folder]");

for (const plugin of [gitlab, aptly]) {
  const place = resolve(output, plugin.name);
  // The committed one goes when there is another to take its place.
  const folder = `${place}.new`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const schema = join(folder, "schema.json");
  writeFileSync(schema, `${JSON.stringify(toSchema(plugin as never), null, 2)}\n`);
  execFileSync(sdkgen, [schema, folder], { stdio: "inherit" });
  takeNodeTypes(join(folder, "package.json"));
  rmSync(place, { recursive: true, force: true });
  renameSync(folder, place);
  process.stdout.write(`${place}: schema.json and SDK written\n`);
}

/**
 * The generator asks for `@types/node` 20 whatever the schema says. A second version of it beside
 * the program's makes a tree that npm 9 and npm 10 call out of sync with the lock file of npm 11.
 */
function takeNodeTypes(file: string): void {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const text = readFileSync(file, "utf8");
  const changed = text.replace(
    /("@types\/node": )"[^"]*"/,
    `$1"${devDependencies["@types/node"]}"`,
  );
  if (changed === text) throw new Error(`${file} has no @types/node of the generator's`);
  writeFileSync(file, changed);
}
