import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
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
  const folder = resolve(output, plugin.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const schema = join(folder, "schema.json");
  writeFileSync(schema, `${JSON.stringify(toSchema(plugin as never), null, 2)}\n`);
  execFileSync(sdkgen, [schema, folder], { stdio: "inherit" });
}
