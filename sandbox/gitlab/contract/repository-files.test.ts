import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject({ initialize_with_readme: true }));
});

const filePath = (path: string) => `/projects/${id}/repository/files/${encodeURIComponent(path)}`;
const change = (fields: Record<string, unknown> = {}) => ({
  branch: "main",
  commit_message: "Change",
  content: "one\n",
  ...fields,
});

async function refusalOf(method: string, path: string, body: Record<string, unknown>) {
  const answer = await ask(method, filePath(path), body);
  return [answer.status, answer.body];
}

test("A new file is 201 and reads back in base64 with its digests", async () => {
  const made = await ask("POST", filePath("dir/a.txt"), change());
  expect([made.status, made.body]).toEqual([201, { file_path: "dir/a.txt", branch: "main" }]);
  const { status, body } = await ask("GET", `${filePath("dir/a.txt")}?ref=main`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    file_name: "a.txt",
    file_path: "dir/a.txt",
    size: 4,
    encoding: "base64",
    content: Buffer.from("one\n").toString("base64"),
    content_sha256: createHash("sha256").update("one\n").digest("hex"),
    ref: "main",
    blob_id: "5626abf0f72e58d7a153368ba57db4c673c0e171",
    execute_filemode: false,
  });
  expect(body.commit_id).toBe(body.last_commit_id);
});

test("HEAD tells the same in headers", async () => {
  await ask("POST", filePath("head.txt"), change());
  const { body } = await ask("GET", `${filePath("head.txt")}?ref=main`);
  const { status, headers, body: nothing } = await ask("HEAD", `${filePath("head.txt")}?ref=main`);
  expect([status, nothing]).toEqual([200, null]);
  expect(headers.get("x-gitlab-blob-id")).toBe(body.blob_id);
  expect(headers.get("x-gitlab-last-commit-id")).toBe(body.last_commit_id);
  expect(headers.get("x-gitlab-content-sha256")).toBe(body.content_sha256);
  expect(headers.get("x-gitlab-size")).toBe("4");
});

test("The raw call gives the content alone, from the default branch without a ref", async () => {
  await ask("POST", filePath("raw.txt"), change({ content: "raw" }));
  expect((await ask("GET", `${filePath("raw.txt")}/raw`)).body).toBe("raw");
});

test("An update is 200, moves the last commit and may set the executable bit", async () => {
  await ask("POST", filePath("run.sh"), change());
  const before = (await ask("GET", `${filePath("run.sh")}?ref=main`)).body;
  const updated = await ask(
    "PUT",
    filePath("run.sh"),
    change({ content: "two", execute_filemode: true }),
  );
  expect([updated.status, updated.body]).toEqual([200, { file_path: "run.sh", branch: "main" }]);
  const after = (await ask("GET", `${filePath("run.sh")}?ref=main`)).body;
  expect(after).toMatchObject({ size: 3, execute_filemode: true });
  expect(after.last_commit_id).not.toBe(before.last_commit_id);
});

test("Base64 content is stored decoded", async () => {
  const content = Buffer.from([0, 255, 10]).toString("base64");
  await ask("POST", filePath("bytes"), change({ content, encoding: "base64" }));
  expect((await ask("GET", `${filePath("bytes")}?ref=main`)).body).toMatchObject({
    size: 3,
    content,
  });
});

test("A deletion is 204, then the file is 404", async () => {
  await ask("POST", filePath("gone.txt"), change());
  const { content: _, ...rest } = change();
  expect((await ask("DELETE", filePath("gone.txt"), rest)).status).toBe(204);
  expect((await ask("GET", `${filePath("gone.txt")}?ref=main`)).body).toEqual({
    message: "404 File Not Found",
  });
});

test("The author may be another than the committer", async () => {
  await ask("POST", filePath("by.txt"), change({ author_name: "Bo", author_email: "bo@x.org" }));
  const [commit] = (await ask("GET", `/projects/${id}/repository/commits?path=by.txt`)).body;
  expect(commit).toMatchObject({ author_name: "Bo", author_email: "bo@x.org" });
  expect(commit.committer_name).not.toBe("Bo");
});

test("What cannot be written is 400 with one sentence", async () => {
  await ask("POST", filePath("taken.txt"), change());
  expect(await refusalOf("POST", "taken.txt", change())).toEqual([
    400,
    { message: "A file with this name already exists" },
  ]);
  expect(await refusalOf("PUT", "missing.txt", change())).toEqual([
    400,
    { message: "A file with this name doesn't exist" },
  ]);
  expect(await refusalOf("POST", "new.txt", change({ branch: "nowhere" }))).toEqual([
    400,
    { message: "You can only create or edit files when you are on a branch" },
  ]);
  expect(await refusalOf("POST", "../up.txt", change())).toEqual([
    400,
    { error: "file_path should be a valid file path" },
  ]);
});

test("An update that names a commit made before the last change is refused", async () => {
  await ask("POST", filePath("stale.txt"), change());
  const { last_commit_id } = (await ask("GET", `${filePath("stale.txt")}?ref=main`)).body;
  await ask("PUT", filePath("stale.txt"), change({ content: "two" }));
  expect(await refusalOf("PUT", "stale.txt", change({ content: "3", last_commit_id }))).toEqual([
    400,
    {
      message: "You are attempting to update a file that has changed since you started editing it.",
    },
  ]);
});

test("Missing and empty parameters are named", async () => {
  const { branch: _, ...branchless } = change();
  expect(await refusalOf("POST", "p.txt", branchless)).toEqual([
    400,
    { error: "branch is missing" },
  ]);
  expect(await refusalOf("POST", "p.txt", change({ commit_message: "" }))).toEqual([
    400,
    { error: "commit_message is empty" },
  ]);
  expect(await refusalOf("POST", "p.txt", change({ encoding: "hex" }))).toEqual([
    400,
    { error: "encoding does not have a valid value" },
  ]);
  const noRef = await ask("GET", filePath("p.txt"));
  expect([noRef.status, noRef.body]).toEqual([400, { error: "ref is missing" }]);
});

test("An unknown ref is a missing commit", async () => {
  const { status, body } = await ask("GET", `${filePath("README.md")}?ref=nowhere`);
  expect([status, body]).toEqual([404, { message: "404 Commit Not Found" }]);
});

test("A branch that nobody may push to is refused", async () => {
  const closed = await createProject({ initialize_with_readme: true });
  const protections = `/projects/${closed.id}/protected_branches`;
  await ask("DELETE", `${protections}/main`);
  await ask("POST", protections, { name: "main", push_access_level: 0 });
  const file = await ask("POST", `/projects/${closed.id}/repository/files/a`, change());
  expect([file.status, file.body]).toEqual([
    400,
    { message: "You are not allowed to push into this branch" },
  ]);
});

test("The first file of an empty repository makes the branch, the default one protected", async () => {
  const empty = await createProject();
  await ask("POST", `/projects/${empty.id}/repository/files/a`, change());
  const read = () => ask("GET", `/projects/${empty.id}/repository/branches/main`);
  await expect
    .poll(async () => (await read()).body)
    .toMatchObject({ default: true, protected: true });
  expect((await ask("GET", `/projects/${empty.id}`)).body.empty_repo).toBe(false);
});
