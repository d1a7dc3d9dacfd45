import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEscapable, toPrefixPath, toPublishPath } from "./publish-path.ts";

/** What aptly makes of a segment: `slashEscape` in its api/publish.go. */
function readAsAptly(segment: string): string {
  return decodeURIComponent(segment).replaceAll("_", "/").replaceAll("//", "_");
}

describe("paths of publications", () => {
  it.each([
    ["trunk", "/publish/trunk"],
    [".", "/publish/:."],
    ["team/infra_main", "/publish/team_infra__main"],
    ["filesystem:web:trunk", "/publish/filesystem:web:trunk"],
  ])("write the prefix %s as %s", (prefix, path) => {
    expect(decodeURIComponent(toPrefixPath(prefix))).toBe(path);
  });

  it("escape the distribution from aptly 1.6 on", () => {
    const place = { prefix: "trunk", distribution: "infra_main/updates" };
    expect(toPublishPath(place, "1.6.0")).toBe("/publish/trunk/infra__main_updates");
    expect(toPublishPath({ ...place, distribution: "infra_main" }, "1.5.0+ds1")).toBe(
      "/publish/trunk/infra_main",
    );
  });

  it("are read by aptly as they were meant, unless a slash touches an underscore", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "_", "/"), minLength: 1 });
    const prefixes = letters.filter((text) => isEscapable(text) && !/^\/|\/$|\/\//.test(text));
    fc.assert(
      fc.property(prefixes, (prefix) => {
        expect(readAsAptly(toPrefixPath(prefix).slice("/publish/".length))).toBe(prefix);
      }),
    );
    expect(isEscapable("a/_b")).toBe(false);
    expect(isEscapable("a_/b")).toBe(false);
  });
});
