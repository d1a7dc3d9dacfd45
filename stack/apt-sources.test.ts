import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { UnreadIndex } from "../image/package-index.ts";
import type { PackageSource } from "../image/package-sources.ts";
import { example, today } from "../test/support/configuration-example.ts";
import { toFurtherSources, toMirror } from "./apt-sources.ts";
import { findForeignUses } from "./foreign-uses.ts";
import { readKeyFiles } from "./key-files.ts";

const key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
const connections = { aptUrl: "https://apt.example.com/", aptKey: key, keys: { "ros.asc": "ros" } };
const mirrors = {
  archive: {
    url: "http://archive.example.com/debian",
    suites: ["bookworm", "bookworm-updates"],
    snapshots: ["2026-05", "2026-11"],
    published: "2026-05",
  },
};
const ros = { url: "http://packages.example.com/ros", keyFile: "ros.asc" };

function configure(changes: object) {
  return readConfiguration(example({ mirrors, ...changes }), { today, stack: "dev" });
}

describe("a distribution's sources", () => {
  it("are the stack's, its own in their place, and without those that it leaves out", () => {
    const distributions = {
      bookworm: { aptSources: { tools: false, ros: { ...ros, suites: ["testing"] } } },
      trixie: {},
    };
    const tools = { url: "http://tools.example.com", suites: ["./"] };
    const configuration = configure({ distributions, aptSources: { tools, ros } });
    const suites = (codename: string) =>
      toFurtherSources(configuration, codename, connections).map(({ name, suites, components }) =>
        [name, ...suites, ...components].join(" "),
      );
    expect(suites("bookworm")).toEqual(["ros testing main"]);
    expect(suites("trixie")).toEqual(["tools ./", "ros trixie main"]);
    expect(toFurtherSources(configuration, "trixie", connections)[1]?.key).toBe("ros");
  });

  it("may be what the stack mirrors, signed by its aptly, with the state that is published", () => {
    const distributions = {
      bookworm: { mirror: { name: "archive" }, aptSources: { own: { mirror: "archive" } } },
      trixie: {},
    };
    const configuration = configure({ distributions });
    const url = "https://apt.example.com/mirrors/archive";
    const own = { url, suites: mirrors.archive.suites, components: ["main"], key };
    expect(toMirror(configuration, "bookworm", connections)).toEqual({
      ...own,
      state: "2026-05",
      security: false,
    });
    expect(toFurtherSources(configuration, "bookworm", connections)).toEqual([
      { ...own, name: "own", state: "2026-05", architectures: undefined },
    ]);
  });
});

describe("what is used of an apt source", () => {
  const packages = { ying: { distributions: ["bookworm", "trixie"], uses: ["ros/roscpp"] } };
  const configuration = configure({ aptSources: { ros }, packages });
  const find = (names: Record<string, string[]>) =>
    findForeignUses(configuration, connections, async ({ suite }: PackageSource) => {
      const there = names[suite];
      if (!there) throw new UnreadIndex("GET it answered 404");
      return new Set(there);
    });

  it("must be there for every distribution", async () => {
    const all = { bookworm: ["roscpp"], trixie: ["roscpp"] };
    expect(await find(all)).toEqual({ errors: [], unread: [] });
    const { errors } = await find({ ...all, trixie: ["rospy"] });
    expect(errors).toEqual([
      {
        path: "trunkline:packages.ying.uses[0]",
        message: '"roscpp" is not in the apt source "ros" for trixie',
        fix: "Publish it there first, or correct its name.",
      },
    ]);
  });

  it("is not called missing where an index cannot be read", async () => {
    const { errors, unread } = await find({ bookworm: ["roscpp"] });
    expect(errors).toEqual([]);
    expect(unread).toEqual([
      'trunkline:packages.ying.uses[0]: "roscpp" was not looked for. GET it answered 404.',
    ]);
  });
});

describe("key files", () => {
  const keyed = configure({
    aptSources: { ros },
    mirrors: { archive: { ...mirrors.archive, keyFile: "debian.asc" } },
  });

  it("are read once for all", () => {
    const files: Record<string, string> = { "ros.asc": `${key}r`, "debian.asc": `${key}d` };
    expect(readKeyFiles(keyed, (file) => files[file], "Stack")).toEqual(files);
  });

  it("are refused all together where there is no armoured key in them", () => {
    const files: Record<string, string> = { "debian.asc": "binary" };
    expect(() => readKeyFiles(keyed, (file) => files[file], "Stack")).toThrow(
      /aptSources\.ros\.keyFile "ros\.asc" cannot be read.*mirrors\.archive\.keyFile is not an ASCII/s,
    );
  });
});
