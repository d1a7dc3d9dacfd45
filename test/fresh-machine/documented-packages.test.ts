import { expect, test } from "vitest";
import { readDocumentedPackages } from "./documented-packages.ts";

test("every place names the same packages to install", () => {
  const packages = readDocumentedPackages("README.md");
  expect(packages).toContain("golang-go");
  expect(readDocumentedPackages("README.zh-CN.md")).toEqual(packages);
  expect(readDocumentedPackages("docs/installation.md")).toEqual(packages);
  expect(readDocumentedPackages("Containerfile")).toEqual(packages);
});
