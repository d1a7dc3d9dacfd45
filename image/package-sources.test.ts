import { expect, it } from "vitest";
import { toSources } from "./package-sources.ts";

const mirror = "http://mirror.example/debian";

function written(codename: string, baseImage: string, mirror?: string) {
  const found = toSources({ codename, baseImage, mirror });
  const sources = found?.sources.map(({ archive, suite, component }) =>
    [archive.split("/").at(-1), suite, component].join(" "),
  );
  return found && { sources, isVendors: found.isVendors };
}

it("is known for the vendor's own image, the release before its updates", () => {
  expect(written("bookworm", "debian:bookworm")).toEqual({
    sources: [
      "debian bookworm main",
      "debian bookworm-updates main",
      "debian-security bookworm-security main",
    ],
    isVendors: true,
  });
  const { sources } = written("jammy", "ubuntu:22.04") ?? {};
  expect(sources?.slice(0, 2)).toEqual(["ubuntu jammy main", "ubuntu jammy universe"]);
  expect(sources).toContain("ubuntu jammy-security multiverse");
});

it.each([
  "debian:12",
  "debian:12.5-slim",
  "debian:bookworm-20260101-slim",
  "docker.io/library/debian:bookworm",
  `debian:bookworm@sha256:${"0".repeat(64)}`,
])("takes %s for the vendor's own", (image) => {
  expect(written("bookworm", image)?.isVendors).toBe(true);
});

it.each([
  "registry.example.com/debian:bookworm",
  "ros:bookworm",
  "debian:bookworm-backports",
  "debian:trixie",
  "debian",
  "ubuntu:12",
])("knows nothing of the sources of %s", (image) => {
  expect(written("bookworm", image)).toBeUndefined();
});

it("knows nothing of a release that it does not know", () => {
  expect(written("sid", "debian:sid")).toBeUndefined();
});

it("is the mirror alone where there is one, with its suites and components", () => {
  const sources = [
    "debian bookworm main",
    "debian bookworm-updates main",
    "debian-security bookworm-security main",
  ];
  expect(written("bookworm", "debian:bookworm", mirror)).toEqual({ sources, isVendors: true });
  expect(written("bookworm", "own:1", mirror)).toEqual({ sources, isVendors: false });
  expect(written("jammy", "own:1", mirror)?.sources?.slice(0, 2)).toEqual([
    "debian jammy main",
    "debian jammy universe",
  ]);
});

it("has the sources beside it, and is not known for sure once shell lines may add to it", () => {
  const flat = { name: "cuda", url: "http://cuda.example/ubuntu", suites: ["./"], components: [] };
  const request = { codename: "bookworm", baseImage: "debian:bookworm", furtherSources: [flat] };
  const index = { archive: flat.url, suite: "./", component: "" };
  expect(toSources(request)?.sources.at(-1)).toEqual(index);
  expect(toSources(request)?.isVendors).toBe(true);
  expect(toSources({ ...request, before: ["add-apt-repository …"] })?.isVendors).toBe(false);
});
