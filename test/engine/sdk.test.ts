import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../toolchain/paths.ts";
import { run } from "../services/commands.ts";
import { temporaryFolder } from "../services/sandbox-for-test.ts";

/** Made from the rest when the package is installed. */
const built = /^(bin|node_modules)\//;

test("the committed SDKs are those that the plugins' schemas give", async () => {
  const folder = await temporaryFolder();
  const generator = join(repository, "sdks/generate.ts");
  await run("node", [generator, "sdkgen", folder], { cwd: repository });
  const [committed, generated] = [await readTree(join(repository, "sdks")), await readTree(folder)];
  const files = new Set([...Object.keys(committed), ...Object.keys(generated)]);
  const stale = [...files].filter((file) => committed[file] !== generated[file]);
  expect(stale, "run make sdk").toEqual([]);
});

async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }): Promise<[string, string]> => {
    const file = join(parentPath, name);
    return [file.slice(folder.length + 1), await readFile(file, "utf8")];
  });
  const tree = (await Promise.all(texts)).filter(
    ([file]) => file.includes("/") && !built.test(file.split("/").slice(1).join("/")),
  );
  return Object.fromEntries(tree);
}
