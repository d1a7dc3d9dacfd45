import { describe, expect, it } from "vitest";
import { example, faultsOf } from "../test/support/configuration-example.ts";

const archive = {
  url: "http://archive.example.com/ubuntu",
  suites: ["xenial", "xenial-updates"],
  snapshots: ["2026-05", "2026-11"],
};
const xenial = { acceptEndOfLife: true };

/** Each fault as it is told. */
function told(changes: Record<string, unknown>): string[] {
  const distributions = { bookworm: {}, trixie: {}, xenial, ...(changes.distributions as object) };
  const raw = example({ mirrors: { archive }, ...changes, distributions });
  return faultsOf(raw).map(({ path, message, fix }) => `${path} ${message}. ${fix}`);
}

it("takes sources and mirrors by address and by name", () => {
  const aptSources = { ros: { url: "http://packages.example.com/ros" } };
  const distributions = {
    xenial: { ...xenial, mirror: { name: "archive" }, aptSources: { own: { mirror: "archive" } } },
    bookworm: { mirror: "http://deb.example.com/debian", aptSources: { ros: false } },
  };
  expect(told({ aptSources, distributions })).toEqual([]);
});

it.each<[string, Record<string, unknown>, string]>([
  [
    "the mirror does not have",
    { distributions: { bookworm: { mirror: { name: "archive" } } } },
    `trunkline:distributions.bookworm.mirror.name "archive" has no suite "bookworm". Add it to trunkline:mirrors.archive.suites, which has xenial, xenial-updates.`,
  ],
  [
    "no mirror has",
    { aptSources: { ros: { mirror: "ros" } } },
    `trunkline:aptSources.ros.mirror "ros" is not in trunkline:mirrors. Declare it there, or use one of "archive".`,
  ],
  [
    "no source has",
    { distributions: { bookworm: { aptSources: { ros: false } } } },
    `trunkline:distributions.bookworm.aptSources.ros "ros" is not in trunkline:aptSources. Remove it, or correct its name.`,
  ],
  [
    "no snapshot has",
    { mirrors: { archive: { ...archive, published: "2026-04" } } },
    `trunkline:mirrors.archive.published "2026-04" is not among its snapshots. Take one of 2026-05, 2026-11.`,
  ],
])("refuses a name that %s", (_, changes, text) => {
  expect(told(changes)).toEqual([text]);
});

describe("what belongs to another codename", () => {
  it("is refused with its own", () => {
    const distributions = { xenial: { ...xenial, baseImage: "ubuntu:18.04", vendor: "debian" } };
    expect(told({ distributions })).toEqual([
      `trunkline:distributions.xenial.baseImage "ubuntu:18.04" is an image of bionic. Take one of xenial, for example ubuntu:16.04.`,
      `trunkline:distributions.xenial.vendor is "debian", but xenial is a release of ubuntu. Remove it.`,
    ]);
  });

  it("is Debian's security archive for Ubuntu", () => {
    const mirror = { url: "http://m.example.com/ubuntu", security: "http://m.example.com/sec" };
    expect(told({ distributions: { xenial: { ...xenial, mirror } } })[0]).toContain(
      "trunkline:distributions.xenial.mirror.security is about Debian's security archive",
    );
  });
});

it("refuses what says neither or both of two, and mixes of flat repositories", () => {
  const url = "http://packages.example.com";
  const aptSources = {
    none: {},
    both: { url, mirror: "archive" },
    mixed: { url, suites: ["./", "stable"] },
    trunkline: { url },
  };
  expect(told({ aptSources }).map((text) => text.replace(/\. .*/, ""))).toEqual([
    "trunkline:aptSources.none has neither of url and mirror",
    "trunkline:aptSources.both has url and mirror",
    `trunkline:aptSources.mixed.suites "./" is a flat repository, which has no components`,
    `trunkline:aptSources.trunkline "trunkline" is the name of a file that every builder image has`,
  ]);
});

it("refuses snapshots out of order and flat archives to copy", () => {
  const mirrors = { archive: { ...archive, suites: ["./"], snapshots: ["2026-11", "2026-05"] } };
  const paths = told({ mirrors }).map((text) => text.split(" ")[0]);
  expect(paths).toEqual([
    "trunkline:mirrors.archive.suites",
    "trunkline:mirrors.archive.snapshots",
  ]);
});

describe("what is used of an apt source", () => {
  const packages = (uses: string[]) => ({ ying: { distributions: ["bookworm"], uses } });

  it("must be one that every distribution of the package has", () => {
    const aptSources = { base: { url: "http://apt.example.com/base" } };
    expect(told({ aptSources, packages: packages(["base/ying"]) })).toEqual([]);
    const distributions = { bookworm: { aptSources: { base: false } } };
    expect(told({ aptSources, distributions, packages: packages(["base/ying"]) })).toEqual([
      `trunkline:packages.ying.uses[0] "base" is not an apt source of bookworm. Declare it in trunkline:aptSources, or in trunkline:distributions.bookworm.aptSources.`,
    ]);
  });
});

describe("an image for a group of packages", () => {
  const base = { distributions: ["bookworm"], imageGroup: "base" };

  it("may be built with what another has built, once images install from the repository", () => {
    const ying = { distributions: ["bookworm"], buildDepends: ["base"] };
    const written = { prefix: "trunk", repository: "infra" };
    expect(told({ packages: { base, ying } })).toHaveLength(1);
    const apt = { ...written, inImages: true };
    expect(told({ apt, packages: { base, ying } })).toEqual([]);
    const same = { ...base, imageGroup: undefined };
    expect(told({ apt, packages: { base: same, ying } })[0]).toContain(
      "is a package of this stack",
    );
  });

  it("needs nothing that is built in an image which needs it", () => {
    const apt = { prefix: "trunk", repository: "infra", inImages: true };
    const ying = { distributions: ["bookworm"], buildDepends: ["base"] };
    const again = { ...base, buildDepends: ["ying"] };
    expect(
      told({ apt, packages: { base: again, ying } }).map((text) => text.split(". ")[0]),
    ).toEqual([
      `trunkline:packages.base.buildDepends[0] "ying" is built in an image that needs a package of this one's`,
      `trunkline:packages.ying.buildDepends[0] "base" is built in an image that needs a package of this one's`,
    ]);
  });

  it("needs a name that no other image has", () => {
    const release = { vendor: "debian", version: "12", baseImage: "debian:bookworm" };
    const distributions = { "bookworm-base": release };
    expect(told({ distributions, packages: { base } })[0]).toContain(
      `trunkline:packages.base.imageGroup "base" on bookworm would have the image of bookworm-base`,
    );
  });
});
