import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCases } from "./cases.ts";

const cases = await readCases();

describe.each(cases)("$name", ({ args, golden, rendered }) => {
  test("renders the agreed file, which only npm run golden:accept rewrites", () => {
    expect(rendered).toBe(readFileSync(golden, "utf8"));
  });

  describe("as gitlab-ci-local reads it", () => {
    let repository: string;
    beforeEach(async () => {
      repository = await createRepository(rendered);
    });
    afterEach(() => rm(repository, { recursive: true, force: true }));

    test("is valid under GitLab's CI schema and lists every job", async () => {
      const { stdout } = await readLocally(repository, "--list-csv");
      const rows = stdout.split("\n").slice(1);
      expect(rows.map((row) => row.split(";")[0])).toEqual([
        ...args.targets.map(({ codename }) => `compile_on_${codename}`),
        ...args.targets.map(({ codename }) => `upload_on_${codename}`),
      ]);
    });

    test("has each image in its compile and its upload job, templates merged", async () => {
      const { stdout } = await readLocally(repository, "--preview");
      for (const { image } of args.targets) expect(stdout.split(image)).toHaveLength(3);
    });
  });
});

test("gitlab-ci-local refuses a file that breaks GitLab's CI schema", async () => {
  const repository = await createRepository(
    "job:\n  script: [make]\n  artifacts: {expires: 1 week}\n",
  );
  try {
    await expect(readLocally(repository, "--list")).rejects.toThrow(/expires/);
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
});

async function createRepository(file: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "trunkline-golden-"));
  await writeFile(join(directory, ".gitlab-ci.yml"), file);
  const git = (...words: string[]) => execa("git", words, { cwd: directory });
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", "https://gitlab.example.com/infra/package.git");
  await git("add", ".");
  await git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-qm", "test");
  return directory;
}

function readLocally(repository: string, option: string) {
  const options = { cwd: repository, preferLocal: true, localDir: import.meta.dirname };
  return execa("gitlab-ci-local", ["--home", join(repository, "home"), option], options);
}
