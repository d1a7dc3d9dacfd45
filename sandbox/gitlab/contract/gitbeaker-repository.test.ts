import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gitlab } from "@gitbeaker/rest";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../app.ts";

/** The repository families as a client somebody else wrote understands them. */

let directory: string;
let sandbox: Sandbox;
let gitlab: InstanceType<typeof Gitlab>;
let id: number;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gitbeaker-repository-"));
  sandbox = await createSandbox({ directory });
  gitlab = new Gitlab({ host: await sandbox.listen(), token: sandbox.rootToken });
  ({ id } = await gitlab.Projects.create({ name: "witness", initializeWithReadme: true }));
});
afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true });
});

test("It writes, reads, edits and removes a file in a folder", async () => {
  const { RepositoryFiles } = gitlab;
  const path = "dir/a b.txt";
  expect(await RepositoryFiles.create(id, path, "main", "one", "Create")).toEqual({
    file_path: path,
    branch: "main",
  });
  await RepositoryFiles.edit(id, path, "main", "two", "Edit");
  expect(await RepositoryFiles.showRaw(id, path, "main")).toBe("two");
  const file = await RepositoryFiles.show(id, path, "main");
  expect(Buffer.from(file.content, "base64").toString()).toBe("two");
  await RepositoryFiles.remove(id, path, "main", "Remove");
  await expect(RepositoryFiles.show(id, path, "main")).rejects.toThrow("404 File Not Found");
});

test("It commits several files, branches, tags and lists", async () => {
  const commit = await gitlab.Commits.create(id, "main", "Several", [
    { action: "create", filePath: "x", content: "1" },
    { action: "create", filePath: "y", content: "2" },
  ]);
  expect(commit.title).toBe("Several");
  await gitlab.Branches.create(id, "feature/x", "main");
  expect((await gitlab.Branches.show(id, "feature/x")).commit.id).toBe(commit.id);
  await gitlab.Tags.create(id, "v1", "main", { message: "First" });
  expect((await gitlab.Tags.all(id)).map((tag) => tag.name)).toEqual(["v1"]);
  const tree = await gitlab.Repositories.allRepositoryTrees(id, { ref: "feature/x" });
  expect(tree.map((row) => row.path)).toEqual(["README.md", "x", "y"]);
  expect((await gitlab.Commits.all(id)).length).toBeGreaterThan(1);
});

test("It lints", async () => {
  const result = await gitlab.Lint.lint(id, "a: {script: x, stage: nowhere}");
  expect(result).toMatchObject({
    valid: false,
    errors: [
      "a job: chosen stage nowhere does not exist; available stages are .pre, build, test, deploy, .post",
    ],
  });
});
