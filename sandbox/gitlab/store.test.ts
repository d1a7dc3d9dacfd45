import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Store } from "./store.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "store-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const redirect = (path: string) => ({ path, project_id: 1 });

test("Rows are numbered from one and no number is given twice, not even after a restart", () => {
  const store = new Store(directory);
  store.redirects.insert(redirect("a"));
  store.redirects.delete(store.redirects.insert(redirect("b")));
  store.flush();
  const again = new Store(directory);
  expect(again.redirects.all()).toEqual([{ id: 1, path: "a", project_id: 1 }]);
  expect(again.redirects.insert(redirect("c")).id).toBe(3);
  again.flush();
});

test("Changes reach the disk by themselves", async () => {
  const store = new Store(directory);
  const row = store.redirects.insert(redirect("a"));
  store.redirects.update(row, { path: "b" });
  await expect
    .poll(() => readdirSync(directory).includes("db.json") && new Store(directory))
    .toMatchObject({ redirects: expect.anything() });
  expect(new Store(directory).redirects.get(1)?.path).toBe("b");
});

test("The file holds secrets and is its owner's alone, without leftovers beside it", () => {
  const store = new Store(directory);
  store.redirects.insert(redirect("a"));
  store.flush();
  expect(statSync(join(directory, "db.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(["db.json"]);
});

test("Nothing changed is nothing written", () => {
  const store = new Store(directory);
  store.flush();
  expect(readdirSync(directory)).toEqual([]);
});

test("A damaged file is named, not overwritten", () => {
  const file = join(directory, "db.json");
  writeFileSync(file, "{");
  expect(() => new Store(directory)).toThrow(file);
  expect(readFileSync(file, "utf8")).toBe("{");
});
