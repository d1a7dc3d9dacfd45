import "../toolchain/settled-environment.ts";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/**
 * Writes `dist/`, which `npm pack` takes: the components and the plugins as JavaScript with
 * declarations, the files that they read beside them, and the SDKs.
 */
const repository = resolve(import.meta.dirname, "..");
const dist = join(repository, "dist");
const sdks = { "@pulumi/gitlab": "gitlab", "@trunkline/aptly": "aptly" };

rmSync(dist, { recursive: true, force: true });
execFileSync("tsc", ["--project", "tsconfig.build.json"], { cwd: repository, stdio: "inherit" });
for (const room of readdirSync(dist)) copyAssets(room);
for (const sdk of Object.values(sdks)) copySdk(sdk);
for (const file of readdirSync(join(dist, "components"))) bindSdks(join(dist, "components", file));

function copyAssets(room: string): void {
  const filter = (file: string) => !file.endsWith(".ts");
  cpSync(join(repository, room), join(dist, room), { recursive: true, filter });
}

function copySdk(name: string): void {
  const filter = (file: string) => !file.endsWith(".map");
  const built = join(repository, "sdks", name, "bin");
  cpSync(built, join(dist, "sdks", name), { recursive: true, filter });
}

/**
 * What imports an SDK imports the one in the package. JavaScript does so by the `imports` of package.json,
 * where a program may choose the official one; declarations by path, which every compiler can follow.
 */
function bindSdks(file: string): void {
  if (!statSync(file).isFile()) return;
  let text = readFileSync(file, "utf8");
  for (const [name, folder] of Object.entries(sdks)) {
    const declarations = relative(join(file, ".."), join(dist, "sdks", folder, "index.js"));
    const bound = file.endsWith(".d.ts") ? declarations : `#${folder}`;
    text = text.replaceAll(`"${name}"`, `"${bound}"`);
  }
  writeFileSync(file, text);
}
