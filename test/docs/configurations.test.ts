import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readConfiguration, selectConfiguration } from "../../configuration/configuration.ts";
import { repository } from "../../toolchain/paths.ts";

/** Every example of a stack's configuration in the documentation is one that trunkline accepts. */

const documents = [
  "README.md",
  "README.zh-CN.md",
  ...readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(repository, "examples"))
    .filter((name) => !name.startsWith("."))
    .map((name) => `examples/${name}/README.md`),
];
const [whole = {}] = examplesIn("README.md");
const examples = documents.flatMap((document) =>
  examplesIn(document).map((example) => ({ document, example })),
);

interface Example {
  [key: string]: unknown;
}

/** What a document leaves out by `…` is filled in. */
function examplesIn(document: string): Example[] {
  const text = readFileSync(join(repository, document), "utf8")
    .replaceAll("sha256:…", `sha256:${"0".repeat(64)}`)
    .replaceAll("ssh-ed25519 AAAA…", `ssh-ed25519 AAAA${"B".repeat(64)}`);
  return [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = ""]) => {
    const { config, ...rest } = parse(block);
    return config ?? rest;
  });
}

test("there are examples of packages and of runners", () => {
  expect(examples.length).toBeGreaterThan(5);
});

test.each(examples)("$document", ({ example }) => {
  const written = Object.entries(laidOver(whole, example)).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const raw = selectConfiguration(Object.fromEntries(written));
  const options = { stack: "prod", today: new Date("2026-11-24") };
  expect(() => readConfiguration(raw, options)).not.toThrow();
});

/** Most examples show a part: the README's has the rest. */
function laidOver(below: Example, above: Example): Example {
  const merged: Example = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isExample(old) && isExample(value) ? laidOver(old, value) : value;
  }
  return merged;
}

function isExample(value: unknown): value is Example {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
