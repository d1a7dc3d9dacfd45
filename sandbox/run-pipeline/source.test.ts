import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectGit, pushSource } from "./source.ts";

test("a pushed source replaces what is there but for the pipeline and jobs of the package's own", async () => {
  const root = await mkdtemp(join(tmpdir(), "trunkline-source-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const git = connectGit("token");
  const [cloneUrl, seed, source] = [join(root, "remote"), join(root, "seed"), join(root, "source")];
  const write = async (folder: string, ...files: string[]) => {
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), file);
    }
  };
  await git(["init", "--quiet", "--bare", "--initial-branch=main", cloneUrl], root);
  await git(["clone", "--quiet", cloneUrl, seed], root);
  await write(seed, ".gitlab-ci.yml", ".gitlab/package.yml", "src/old.c", "README.md");
  await git(["add", "--all"], seed);
  await git(["commit", "--quiet", "--message", "a"], seed);
  await git(["push", "--quiet", "origin", "HEAD:main"], seed);

  await write(source, "src/new.c");
  const project = {
    id: 1,
    pathWithNamespace: "infra/a",
    cloneUrl,
    defaultBranch: "main",
    variables: [],
  };
  const push = () => pushSource(git, project, { source, folder: join(root, "clone") });
  expect(await push()).toBe(true);
  expect(await push()).toBe(false);

  const listed = await git(["ls-tree", "-r", "--name-only", "main"], cloneUrl);
  expect(listed.split("\n")).toEqual([".gitlab-ci.yml", ".gitlab/package.yml", "src/new.c"]);
  expect(await readdir(join(root, "clone"))).toContain(".gitlab");
});
