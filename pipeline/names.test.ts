import fc from "fast-check";
import { expect, test } from "vitest";
import { toPublishSegment } from "../validation/publish-segment.ts";
import { aptlyName, aptlyPrefix, codename, imageReference } from "../validation/text-rules.ts";
import {
  aptRepositoryName,
  builderImageName,
  publicationPath,
  publicationResourceGroup,
} from "./names.ts";

/** aptly's own reading of an escaped path, for example in its api/publish.go. */
function fromPublishSegment(segment: string): string {
  const path = segment.replaceAll("_", "/").replaceAll("//", "_");
  return path === ":." ? "" : path;
}

test("the uploads to an endpoint have a resource group that GitLab allows", () => {
  expect(publicationResourceGroup("s3:packages:trunk", "bookworm")).toBe(
    "apt/s3/packages/trunk/bookworm",
  );
  expect(publicationResourceGroup("s3:packages:", "bookworm")).toBe("apt/s3/packages/bookworm");
});

const word = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,12}$/);
const prefix = fc.array(word, { maxLength: 4 }).map((words) => words.join("/"));
const release = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

test("a repository is called after its codename", () => {
  expect(aptRepositoryName("infra", "bookworm")).toBe("infra_bookworm");
});

test("aptly reads every allowed prefix back as it was", () => {
  fc.assert(
    fc.property(prefix, (value) => {
      expect(aptlyPrefix(value)).toBeUndefined();
      expect(fromPublishSegment(toPublishSegment(value))).toBe(value);
    }),
  );
});

test("a prefix that aptly would read back otherwise is refused", () => {
  expect(fromPublishSegment(toPublishSegment("a/_b"))).toBe("a_/b");
  expect(aptlyPrefix("a/_b")).toBeDefined();
});

test.each([
  ["", ":."],
  [".", ":."],
  ["trunk", "trunk"],
  ["team/my_repo", "team_my__repo"],
])("the prefix %j is %j in a URL", (value, segment) => {
  expect(toPublishSegment(value)).toBe(segment);
});

test("a URL's segment holds no slash, so it cannot reach another route", () => {
  fc.assert(fc.property(prefix, (value) => !toPublishSegment(value).includes("/")));
});

test("two publications share a resource group only when they are the same", () => {
  const publication = fc.tuple(fc.constantFrom("", "a", "b"), fc.constantFrom("noble", "trixie"));
  fc.assert(
    fc.property(publication, publication, (one, other) => {
      const shared = publicationResourceGroup(...one) === publicationResourceGroup(...other);
      expect(shared).toBe(one.join() === other.join());
    }),
  );
});

test("a publication at the root is called after its codename alone", () => {
  expect(publicationPath("", "noble")).toBe("noble");
  expect(publicationPath("trunk", "noble")).toBe("trunk/noble");
});

test("names made of allowed parts are allowed themselves", () => {
  fc.assert(
    fc.property(word, release, (repository, name) => {
      expect(codename(name)).toBeUndefined();
      expect(aptlyName(aptRepositoryName(repository, name))).toBeUndefined();
    }),
  );
  expect(imageReference(`${builderImageName("127.0.0.1:5050", "bookworm")}:1`)).toBeUndefined();
});
