import { expect, test } from "vitest";
import { findMirror, renderSources } from "./debian-mirror.ts";

const addresses = `'http://mirror.example/debian/dists/bookworm/InRelease' a 0
'http://mirror.example/debian/dists/bookworm-updates/InRelease' b 0
'http://mirror.example/debian-security/dists/bookworm-security/InRelease' c 0
'http://vendor.example/apt/dists/stable/InRelease' d 0
'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' e 0
`;

test("the mirror is where apt reads the machine's own release from", () => {
  expect(findMirror(addresses, "bookworm")).toEqual({
    archive: "http://mirror.example/debian",
    security: "http://mirror.example/debian-security",
  });
});

test("a machine without security updates has a mirror all the same", () => {
  const plain = addresses.split("\n")[0] ?? "";
  expect(findMirror(plain, "bookworm").security).toBeUndefined();
});

test("a machine whose apt reads no Debian is told so", () => {
  const find = () => findMirror(addresses, "noble");
  expect(find).toThrow(expect.objectContaining({ code: "start-failed" }));
  expect(find).toThrow('"noble"');
});

test("the sources of a release use the mirror of another", () => {
  expect(renderSources(findMirror(addresses, "bookworm"), "trixie")).toEqual([
    "deb http://mirror.example/debian trixie main",
    "deb http://mirror.example/debian trixie-updates main",
    "deb http://mirror.example/debian-security trixie-security main",
  ]);
  expect(renderSources({ archive: "http://mirror.example/debian" }, "trixie")).toHaveLength(2);
});
