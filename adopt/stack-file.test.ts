import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeStackFile } from "./stack-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trunkline-adopt-"));
});
afterEach(() => rm(folder, { recursive: true }));

const adoption = {
  values: { "trunkline:group": "infra" },
  entries: { "trunkline:packages": { ying: { pipeline: "own" }, late: { variables: { A: {} } } } },
  secrets: [
    { path: ["trunkline:packages", "ying", "variables", "A", "value"], value: "known" },
    { path: ["trunkline:packages", "late", "variables", "A", 0, "value"], value: "new" },
  ],
};

test("adds what is missing, and leaves what is there with its comments and its secrets", async () => {
  const file = join(folder, "Pulumi.dev.yaml");
  const written = "config:\n  # Ours.\n  trunkline:packages:\n    ying: { project: mine }\n";
  await writeFile(file, written);
  const set: string[] = [];
  const setSecret = async (_: string, path: string) => void set.push(path);
  await writeStackFile({ file, adoption, setSecret, check: async () => undefined });
  const text = await readFile(file, "utf8");
  expect(text).toContain("# Ours.");
  expect(text).toContain("ying: { project: mine }");
  expect(text).toContain("late:");
  expect(text).toContain("trunkline:group: infra");
  expect(set).toEqual(['trunkline:packages["late"]["variables"]["A"][0]["value"]']);
});

test("leaves the file as it was, and nothing beside it, when the check refuses", async () => {
  const file = join(folder, "Pulumi.dev.yaml");
  await writeFile(file, "config: {}\n");
  const check = () => Promise.reject(new Error("no"));
  const written = writeStackFile({ file, adoption, setSecret: async () => undefined, check });
  await expect(written).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual(["Pulumi.dev.yaml"]);
  expect(await readFile(file, "utf8")).toBe("config: {}\n");
});

test("writes between quotes what YAML 1.1, which Pulumi reads, takes for something else", async () => {
  const file = join(folder, "Pulumi.dev.yaml");
  const texts = ["1_000", "0b11", "+0x1f", "0O17", "123_", "2024-1-1", "2024-01-01", "on", "12:30"];
  const variables = Object.fromEntries(texts.map((value, index) => [`V${index}`, { value }]));
  await writeStackFile({
    file,
    adoption: {
      values: {},
      entries: { "trunkline:variables": variables, "trunkline:packages": { "1e3": {} } },
      secrets: [],
    },
    setSecret: async () => undefined,
    check: async () => undefined,
  });
  const text = await readFile(file, "utf8");
  for (const value of [...texts, "1e3"]) expect(text).toContain(`"${value}"`);
});
