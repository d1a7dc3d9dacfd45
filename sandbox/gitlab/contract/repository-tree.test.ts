import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject());
  const files = ["z.txt", "dir/a.txt", "dir/b.txt", "dir/sub/c.txt"];
  await ask("POST", `/projects/${id}/repository/commits`, {
    branch: "main",
    commit_message: "Files",
    actions: files.map((file_path) => ({ action: "create", file_path, content: "same" })),
  });
});

const tree = (query = "") => ask("GET", `/projects/${id}/repository/tree?${query}`);
const pathsOf = (rows: { path: string }[]) => rows.map((row) => row.path);

test("The root lists folders before files, with modes", async () => {
  const { status, body } = await tree();
  expect(status).toBe(200);
  expect(body).toEqual([
    { id: expect.any(String), name: "dir", type: "tree", path: "dir", mode: "040000" },
    { id: expect.any(String), name: "z.txt", type: "blob", path: "z.txt", mode: "100644" },
  ]);
});

test("A folder and everything below can be listed", async () => {
  expect(pathsOf((await tree("path=dir")).body)).toEqual(["dir/sub", "dir/a.txt", "dir/b.txt"]);
  const all = (await tree("path=dir&recursive=true")).body;
  expect(pathsOf(all).toSorted()).toEqual(["dir/a.txt", "dir/b.txt", "dir/sub", "dir/sub/c.txt"]);
});

test("Who asks for keyset paging follows the links to the end", async () => {
  const seen: string[] = [];
  let query: string | undefined = "recursive=true&pagination=keyset&per_page=2";
  while (query !== undefined) {
    const { body, headers } = await tree(query);
    seen.push(...pathsOf(body));
    const next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    query = next && new URL(next).search.slice(1);
  }
  expect(seen).toHaveLength(6);
  expect(new Set(seen).size).toBe(6);
});

test("An unknown ref, an unknown path and an empty repository are 404", async () => {
  expect((await tree("ref=nowhere")).body).toEqual({ message: "404 Tree Not Found" });
  expect((await tree("path=nowhere")).body).toEqual({
    message: "404 invalid revision or path Not Found",
  });
  const empty = await createProject();
  const { status, body } = await ask("GET", `/projects/${empty.id}/repository/tree`);
  expect([status, body]).toEqual([404, { message: "404 Tree Not Found" }]);
});
