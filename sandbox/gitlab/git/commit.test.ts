import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runGit } from "./command.ts";
import { type CommitRequest, createCommit } from "./commit.ts";
import { CommitRefused } from "./commit-refused.ts";
import type { FileAction } from "./file-actions.ts";
import { listCommits, readCommit } from "./log.ts";
import { findRef } from "./refs.ts";
import { createRepository } from "./repository.ts";
import { findFile, listFiles } from "./tree.ts";

const ada = { name: "Ada", email: "ada@example.com" };
const date = new Date("2026-01-02T03:04:05Z");
const text = (content: string) => Buffer.from(content);

let root: string;
let repository: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "commit-"));
  repository = join(root, "1.git");
  await createRepository(repository, {
    defaultBranch: "main",
    readme: { content: "# one\n", author: ada, date },
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

function commit(actions: FileAction[], more: Partial<CommitRequest> = {}): Promise<string> {
  const people = { author: ada, committer: ada };
  return createCommit(repository, {
    branch: "main",
    message: "m",
    actions,
    ...people,
    date,
    ...more,
  });
}

async function reasonOf(attempt: Promise<unknown>): Promise<[string, string]> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommitRefused)) throw new Error(`expected a refusal, got ${error}`);
  return [error.reason, error.message];
}

async function paths(branch = "main"): Promise<string[]> {
  return [...(await listFiles(repository, `refs/heads/${branch}`)).keys()];
}

test("what do the actions do together? one commit with all of them, in order", async () => {
  await commit([
    { action: "create", path: "bin/run", content: text("a\n"), executable: true },
    { action: "create", path: "old", content: text("b\n") },
    { action: "delete", path: "old" },
    { action: "create", path: "new/place", content: text("b\n") },
    { action: "update", path: "README.md", content: text("# two\nmore\n") },
  ]);
  expect(await paths()).toEqual(["README.md", "bin/run", "new/place"]);
  expect(await findFile(repository, "main", "bin/run")).toMatchObject({ executable: true });
  expect((await findFile(repository, "main", "new/place"))?.content.toString()).toBe("b\n");
  const commits = await listCommits(repository, { ref: "main" });
  expect(commits.map((each) => each.message)).toEqual(["m", "Initial commit"]);
});

test("what does an update keep? the executable bit", async () => {
  await commit([{ action: "create", path: "run", content: text("a"), executable: true }]);
  await commit([{ action: "update", path: "run", content: text("b") }]);
  expect(await findFile(repository, "main", "run")).toMatchObject({ executable: true });
});

test("what is left of a commit with one impossible action? nothing", async () => {
  const before = await findRef(repository, "heads", "main");
  const attempt = commit([
    { action: "create", path: "a", content: text("a") },
    { action: "delete", path: "missing" },
  ]);
  expect(await reasonOf(attempt)).toEqual(["file-missing", "A file with this name doesn't exist"]);
  expect(await findRef(repository, "heads", "main")).toBe(before);
  expect((await readdir(repository)).filter((name) => name.startsWith("index"))).toEqual([]);
});

describe("which actions are refused?", () => {
  const content = text("x");
  test.each<[string, FileAction, string]>([
    ["a file that exists", { action: "create", path: "README.md", content }, "file-exists"],
    ["a path below a file", { action: "create", path: "README.md/x", content }, "file-exists"],
    ["a path above", { action: "create", path: "../x", content }, "path-invalid"],
    ["git's own folder", { action: "create", path: ".git/config", content }, "path-invalid"],
    ["an absolute path", { action: "create", path: "/x", content }, "path-invalid"],
    ["update of nothing", { action: "update", path: "x", content }, "file-missing"],
    ["deletion of nothing", { action: "delete", path: "x" }, "file-missing"],
  ])("%s", async (_, action, reason) => {
    expect((await reasonOf(commit([action])))[0]).toBe(reason);
  });
});

describe("which branch does a commit start from?", () => {
  const actions: FileAction[] = [{ action: "create", path: "a", content: text("a") }];

  test("start_branch makes the branch", async () => {
    await commit(actions, { branch: "topic", startBranch: "main" });
    expect(await paths("topic")).toEqual(["README.md", "a"]);
    expect(await paths("main")).toEqual(["README.md"]);
  });

  test("an existing branch is not started again", async () => {
    await commit(actions, { branch: "topic", startBranch: "main" });
    const again = commit(actions, { branch: "topic", startBranch: "main" });
    expect(await reasonOf(again)).toEqual([
      "branch-exists",
      "A branch called 'topic' already exists. Switch to that branch in order to make changes",
    ]);
  });

  test("a missing branch is refused", async () => {
    const [reason, message] = await reasonOf(commit(actions, { branch: "nope" }));
    expect(reason).toBe("branch-missing");
    expect(message).toBe("You can only create or edit files when you are on a branch");
  });

  test("an empty repository takes the first commit on any branch", async () => {
    repository = join(root, "2.git");
    await createRepository(repository, { defaultBranch: "main" });
    await commit(actions, { branch: "first" });
    expect(await paths("first")).toEqual(["a"]);
  });
});

test("what does last_commit_id guard? a path that another commit touched", async () => {
  const first = await commit([{ action: "create", path: "a", content: text("1") }]);
  await commit([{ action: "update", path: "a", content: text("2") }]);
  const request = {
    branch: "main",
    message: "m",
    actions: [{ action: "update", path: "a", content: text("3") }],
    author: ada,
    committer: ada,
    date,
  } satisfies CommitRequest;
  const stale = { path: "a", lastCommitId: first, message: "changed" };
  expect(await reasonOf(createCommit(repository, request, [stale]))).toEqual([
    "file-changed",
    "changed",
  ]);
});

test("is a commit the same twice? yes, when the clock is", async () => {
  const ids: string[] = [];
  for (const name of ["a.git", "b.git"]) {
    repository = join(root, name);
    await createRepository(repository, {
      defaultBranch: "main",
      readme: { content: "x", author: ada, date },
    });
    ids.push(await commit([{ action: "create", path: "a", content: text("a") }]));
  }
  expect(ids[0]).toBe(ids[1]);
});

test("does the environment of the server matter? no, git gets one of its own", async () => {
  vi.stubEnv("GIT_OBJECT_DIRECTORY", join(root, "nowhere"));
  const id = await commit([{ action: "create", path: "a", content: text("a") }]);
  expect(await findRef(repository, "heads", "main")).toBe(id);
  expect(await readdir(root)).toEqual(["1.git"]);
});

test("what does git tell of a commit? author, dates, parents and message", async () => {
  const id = await commit([{ action: "update", path: "README.md", content: text("a\nb\n") }], {
    message: "title\n\nbody",
    author: { name: "Bo", email: "bo@example.com" },
  });
  const read = await readCommit(repository, id);
  expect(read).toMatchObject({
    message: "title\n\nbody",
    author: { name: "Bo", email: "bo@example.com", date: "2026-01-02T03:04:05.000+00:00" },
    committer: { name: "Ada" },
  });
  expect(read.parentIds).toHaveLength(1);
});

test("do twenty commits at once lose anything? no: each lands or is told to try again", async () => {
  const attempts = Array.from({ length: 20 }, (_, at) =>
    commit([{ action: "create", path: `file-${at}`, content: text(`${at}`) }]).then(
      () => `file-${at}`,
      (error: unknown) => {
        expect(error).toMatchObject({
          reason: "raced",
          message: "Could not update refs/heads/main. Please refresh and try again.",
        });
        return undefined;
      },
    ),
  );
  const landed = (await Promise.all(attempts)).filter((path) => path !== undefined);
  expect(landed.length).toBeGreaterThan(0);
  expect((await paths()).toSorted()).toEqual(["README.md", ...landed].toSorted());
  await runGit(repository, ["fsck", "--strict"]);
});
