import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../toolchain/paths.ts";

interface LockFile {
  packages: Record<string, { version?: string; resolved?: string; link?: boolean }>;
}

const text = readFileSync(join(repository, "package-lock.json"), "utf8");
const { packages } = JSON.parse(text) as LockFile;

test("the lock file names no registry, so that it holds for each", () => {
  const fetched = Object.values(packages).filter(({ link }) => link !== true);
  expect(fetched.filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test("folders bring no package of their own, which npm 9 and npm 10 would put elsewhere than npm 11", () => {
  const nested = Object.keys(packages).filter((path) =>
    /^(sdks|sandbox)\/.*node_modules/.test(path),
  );
  expect(nested).toEqual([]);
});
