import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../toolchain/paths.ts";

/**
 * The Debian packages that a text tells to install with `apt-get install`.
 * @param file Its path in the repository.
 */
export function readDocumentedPackages(file: string): string[] {
  const text = readFileSync(join(repository, file), "utf8").replaceAll("\\\n", " ");
  const words = /^.*\bapt-get install (.+)$/m.exec(text)?.[1]?.split("&&")[0] ?? "";
  const names = words.split(/\s+/).filter((word) => /^[a-z0-9]/.test(word));
  if (names.length === 0) throw new Error(`${file} has no line with apt-get install`);
  return names.sort();
}
