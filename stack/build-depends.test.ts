import { expect, it } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { nameBuilderImage } from "../image/builder-image.ts";
import { UnreadIndex } from "../image/package-index.ts";
import type { PackageSource } from "../image/package-sources.ts";
import { findMissing, selectDue } from "./build-depends.ts";
import { planImages } from "./images.ts";

const written = {
  group: "infra",
  registry: "registry.example.com",
  distributions: { trixie: {} },
  apt: { prefix: "trunk", repository: "infra" },
  runners: { infra: { tags: ["infra"] } },
};
const ying = { distributions: ["trixie"] };
const ours = "registry.example.com/debian:trixie";
const mirror = "http://mirror.example/debian";

function configure(changes: object = {}) {
  const raw = { ...written, packages: { ying }, ...changes };
  return readConfiguration(raw, { today: new Date("2026-06-01"), stack: "dev" });
}

function imagesOf(configuration: ReturnType<typeof configure>) {
  const tools = { always: ["curl"], cmake: ["cmake"], debian: ["debhelper"] };
  const key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
  return planImages(configuration, { aptUrl: "https://apt.example.com/", aptKey: key }, tools);
}

const archive: Readonly<Record<string, readonly string[]>> = {
  trixie: ["curl", "cmake", "libyaml-cpp-dev", "libcheck-dev"],
  "trixie-updates": [],
  "trixie-security": ["linux-headers-6.12"],
};

/** What is found with these changes of the configuration, and which suites were read for it. */
async function find(changes: object, there = archive) {
  const configuration = configure(changes);
  const suites: string[] = [];
  const read = async ({ suite }: PackageSource) => {
    suites.push(suite);
    const names = there[suite];
    if (names === undefined) throw new UnreadIndex(`GET ${suite} answered 404`);
    return new Set(names);
  };
  const { errors, warnings, unread } = await findMissing(
    configuration,
    Object.values(imagesOf(configuration)),
    read,
  );
  const toText = ({ path, message, fix }: (typeof errors)[number]) => `${path} ${message}. ${fix}`;
  return { errors: errors.map(toText), warnings: warnings.map(toText), unread, suites };
}

const misspelt = { packages: { ying: { ...ying, buildDepends: ["curl", "libyaml-cp-dev"] } } };
const absent = "is in no apt source of the builder image of trixie";

it("is an error at its place, with the name that was meant", async () => {
  const { errors, warnings, unread } = await find(misspelt);
  const near = `Did you mean "libyaml-cpp-dev"?`;
  expect(errors).toEqual([
    `trunkline:packages.ying.buildDepends[1] "libyaml-cp-dev" ${absent}. ${near}`,
  ]);
  expect([...warnings, ...unread]).toEqual([]);
});

it("is told at every place that builds with it, and at no other", async () => {
  const tests = { script: ["ctest"], reports: ["junit.xml"], depends: ["libnowhere"] };
  const packages = {
    ying: { ...ying, tests, buildDepends: ["libcheck-dev"] },
    datahook: { ...ying, buildDepends: ["libnowhere"] },
    old: { ...ying, buildDepends: ["libnowhere"], archived: true },
  };
  const { errors } = await find({ packages });
  const fix = "Correct its name; what this stack builds belongs under uses.";
  expect(errors).toEqual([
    `trunkline:packages.ying.tests.depends[0] "libnowhere" ${absent}. ${fix}`,
    `trunkline:packages.datahook.buildDepends[0] "libnowhere" ${absent}. ${fix}`,
  ]);
});

it("may be a tool of the jobs, which a mirror lacks", async () => {
  const { errors } = await find({}, { ...archive, trixie: ["curl"] });
  expect(errors).toEqual([
    `trunkline:distributions.trixie "cmake" ${absent}. The jobs need it: give a mirror that has it.`,
  ]);
});

it("is looked for in the release alone where all is there, and in every source before it is missing", async () => {
  expect(await find({})).toMatchObject({ errors: [], suites: ["trixie"] });
  const buildDepends = ["linux-headers-6.12"];
  const packages = { ying: { ...ying, buildDepends } };
  const suites = ["trixie", "trixie-updates", "trixie-security"];
  expect(await find({ packages })).toMatchObject({ errors: [], suites });
});

it("is a warning where a base image of the team's own may have it already", async () => {
  const distributions = { trixie: { baseImage: ours, mirror } };
  const { errors, warnings } = await find({ ...misspelt, distributions });
  expect(errors).toEqual([]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(
    `${absent}, which fails unless the base image has it. Did you mean`,
  );
});

it("is not looked for where the base image's sources are not known", async () => {
  const distributions = { trixie: { baseImage: ours } };
  const { suites, ...findings } = await find({ ...misspelt, distributions });
  expect(findings).toEqual({ errors: [], warnings: [], unread: [] });
  expect(suites).toEqual([]);
});

it("is not called missing where one index cannot be read", async () => {
  const { errors, unread } = await find(misspelt, { trixie: archive.trixie ?? [] });
  expect(errors).toEqual([]);
  expect(unread).toEqual([
    "trunkline:distributions.trixie: the names of the packages in its builder image were not checked. GET trixie-updates answered 404.",
  ]);
});

it("is found near among as many names as Ubuntu has", async () => {
  const many = Array.from({ length: 200_000 }, (_, index) => `package-${index}`);
  const { errors } = await find(misspelt, {
    ...archive,
    "trixie-updates": many,
  });
  expect(errors[0]).toContain('Did you mean "libyaml-cpp-dev"?');
});

it("is looked for in those images alone that an update builds", () => {
  const images = imagesOf(configure());
  const [image] = Object.values(images);
  if (!image) throw new Error("no image is planned");
  const { tag } = nameBuilderImage(image);
  const due = (before: unknown) => selectDue(images, before).map(({ codename }) => codename);
  expect(due(undefined)).toEqual(["trixie"]);
  expect(due({ trixie: `${tag}0@sha256:${"0".repeat(64)}` })).toEqual(["trixie"]);
  expect(due({ trixie: `${tag}@sha256:${"0".repeat(64)}` })).toEqual([]);
  const existing = imagesOf(configure({ distributions: { trixie: { image: ours } } }));
  expect(selectDue(existing, undefined)).toEqual([]);
});
