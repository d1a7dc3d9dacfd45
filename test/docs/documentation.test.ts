import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { repository } from "../../toolchain/paths.ts";

const read = (file: string) => readFileSync(join(repository, file), "utf8");
const { stdout } = await execa("git", ["ls-files"], { cwd: repository });
const tracked = stdout.split("\n");
const documents = tracked.filter((file) => file.endsWith(".md") && !file.startsWith("sdks/"));

/** `pipeline/names.ts`, `pipeline/` and `checks.ts`, but for what has a placeholder or is not in the repository. */
function filesIn(document: string): string[] {
  const folders = new Set(tracked.map((file) => file.split("/")[0]));
  return [...read(document).matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, name = ""]) => name)
    .filter((name) =>
      name.includes("/") ? folders.has(name.split("/")[0] ?? "") : /\.(ts|sh)$/.test(name),
    );
}

test.each(documents)("%s names no file or folder that is gone", (document) => {
  const gone = filesIn(document).filter(
    (name) => !tracked.some((file) => `/${file}/`.includes(`/${name.replace(/\/$/, "")}/`)),
  );
  expect(gone).toEqual([]);
});

test("every runtime dependency has its reason in a decision record", () => {
  const record = read("docs/decisions/0004-runtime-dependencies.md");
  const { dependencies } = JSON.parse(read("package.json"));
  const unexplained = Object.keys(dependencies).filter((name) => !record.includes(`\`${name}\``));
  expect(unexplained).toEqual([]);
});
