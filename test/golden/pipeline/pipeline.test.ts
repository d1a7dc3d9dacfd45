import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readCases } from "./cases.ts";

const cases = await readCases();

describe.each(cases)("$name", ({ jobs, golden, inline, rendered, tag }) => {
  test("renders the agreed file, which only npm run golden:accept rewrites", () => {
    expect(rendered).toBe(readFileSync(golden, "utf8"));
  });

  describe("with its shell in it, as gitlab-ci-local reads it", () => {
    let repository: string;
    beforeEach(async () => {
      repository = await createRepository(inline);
    });
    afterEach(() => rm(repository, { recursive: true, force: true }));

    test("is valid under GitLab's CI schema and lists every job", async () => {
      expect(await listJobs(repository, tag)).toEqual(jobs.map(({ name }) => name));
    });

    if (tag !== undefined) {
      test("uploads from tags that release alone", async () => {
        const others = jobs.map(({ name }) => name).filter((name) => !name.startsWith("upload"));
        expect(await listJobs(repository)).toEqual(others);
        expect(await listJobs(repository, "nightly")).toEqual(others);
      });
    }

    test("has each job's image in it, templates merged", async () => {
      const { stdout } = await readLocally(repository, "--preview");
      const read = parse(stdout.replace(/^---\n/, ""));
      for (const { name, image } of jobs) expect(read[name].image, name).toEqual({ name: image });
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

async function listJobs(repository: string, tag?: string): Promise<(string | undefined)[]> {
  const variables = tag === undefined ? [] : ["--variable", `CI_COMMIT_TAG=${tag}`];
  const { stdout } = await readLocally(repository, "--list-csv", ...variables);
  const rows = stdout.split("\n").slice(1);
  return rows.map((row) => row.split(";")[0]);
}

function readLocally(repository: string, ...words: string[]) {
  const options = { cwd: repository, preferLocal: true, localDir: import.meta.dirname };
  return execa("gitlab-ci-local", ["--home", join(repository, "home"), ...words], options);
}
