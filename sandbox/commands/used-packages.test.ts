import { expect, onTestFinished, test, vi } from "vitest";
import { findProject, findUsed, isPublished, type StackPackages } from "./used-packages.ts";

const config: StackPackages = {
  "trunkline:group": "infra",
  "trunkline:apt": { prefix: "trunk" },
  "trunkline:packages": {
    datahook: { distributions: ["bookworm", "trixie"], uses: ["ying", "clock"] },
    ying: { uses: ["clock", "units"] },
    clock: { uses: ["units"] },
    units: {},
  },
};

test("what a package is built with comes after what that is built with itself", () => {
  expect(findUsed(config, "datahook")).toEqual(["units", "clock", "ying"]);
  expect(findUsed(config, "units")).toEqual([]);
});

test("a package's project lies in the group that the package names, or in the stack's", () => {
  expect(findProject(config, "ying")).toBe("infra/ying");
  const moved: StackPackages = {
    "trunkline:group": { path: "platform" },
    "trunkline:packages": { ying: { project: "libying" }, yang: { group: "tools" } },
  };
  expect(findProject(moved, "ying")).toBe("platform/libying");
  expect(findProject(moved, "yang")).toBe("tools/yang");
});

const index = (name: string) => `Package: ${name}\nVersion: 1.0\n\n`;

test.each([
  ["in every distribution", { bookworm: index("ying"), trixie: index("ying") }, true],
  ["in one of two distributions", { bookworm: index("ying"), trixie: "" }, false],
  ["under a longer name", { bookworm: index("ying"), trixie: index("ying-dev") }, false],
  ["in a repository that is not published", { bookworm: index("ying") }, false],
])("a package %s: %#", async (_, published: Record<string, string>, verdict) => {
  onTestFinished(() => void vi.unstubAllGlobals());
  vi.stubGlobal("fetch", async ({ pathname }: URL) => {
    const codename = /^\/trunk\/dists\/(\w+)\/main\/binary-amd64\/Packages$/.exec(pathname)?.[1];
    const text = published[codename ?? ""];
    return text === undefined ? new Response("", { status: 404 }) : new Response(text);
  });
  const wanted = { apt: "http://127.0.0.1/", name: "ying", user: "datahook" };
  expect(await isPublished(config, wanted)).toBe(verdict);
});

test("an answer that is no index is no verdict", async () => {
  onTestFinished(() => void vi.unstubAllGlobals());
  vi.stubGlobal("fetch", async () => new Response("", { status: 502 }));
  const wanted = { apt: "http://127.0.0.1/", name: "ying", user: "datahook" };
  await expect(isPublished(config, wanted)).rejects.toThrow("502");
});
