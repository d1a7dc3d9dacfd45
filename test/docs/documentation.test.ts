import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** `docs/runners.md#a-heading` and `#a-heading`, but for addresses elsewhere. */
function linksIn(document: string): { target: string; anchor: string | undefined }[] {
  const prose = read(document).replaceAll(/```.*?```|`[^`\n]*`/gs, "");
  return [...prose.matchAll(/\]\((?![a-z]+:)([^)#]*)(?:#([^)]+))?\)/g)].map(
    ([, path = "", anchor]) => ({
      target: path ? join(dirname(document), path) : document,
      anchor,
    }),
  );
}

/** As GitHub and GitLab make them of headings. */
function anchorsOf(document: string): string[] {
  return [...read(document).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.each(documents)("%s links to files and headings that are there", (document) => {
  const broken = linksIn(document).filter(
    ({ target, anchor }) =>
      !tracked.some((file) => `${file}/`.startsWith(`${target}/`)) ||
      (anchor !== undefined && !anchorsOf(target).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

const blocksIn = (document: string) =>
  [...read(document).matchAll(/^```.*?^```$/gms)].map(([block]) => block);

test("the Chinese README shows the same, but for the words of comments", () => {
  const withoutComments = (block: string) => block.replaceAll(/ +# .*$/gm, "");
  const shown = blocksIn("README.md").map(withoutComments);
  expect(shown.length).toBeGreaterThan(5);
  expect(blocksIn("README.zh-CN.md").map(withoutComments)).toEqual(shown);
});

test("the README's pipeline is part of an agreed one", () => {
  const agreed = read("test/golden/pipeline/tested/.gitlab-ci.yml");
  const shown = blocksIn("README.md").find((block) => block.includes("extends:")) ?? "";
  const parts = shown.split("\n").slice(1, -1).join("\n").split("\n\n");
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.filter((part) => !agreed.includes(`\n${part}\n`))).toEqual([]);
});

test("every runtime dependency has its reason in a decision record", () => {
  const record = read("docs/decisions/0004-runtime-dependencies.md");
  const { dependencies } = JSON.parse(read("package.json"));
  const unexplained = Object.keys(dependencies).filter((name) => !record.includes(`\`${name}\``));
  expect(unexplained).toEqual([]);
});
