import fc from "fast-check";
import { expect, it } from "vitest";
import { joinUrl } from "./urls.ts";

it.each([
  ["http://127.0.0.1:8084/", ["trunk"], "http://127.0.0.1:8084/trunk"],
  ["http://127.0.0.1:8084", ["trunk"], "http://127.0.0.1:8084/trunk"],
  ["https://apt.example/", [""], "https://apt.example"],
  ["https://apt.example", [], "https://apt.example"],
  ["https://gitlab.example/api/v4/", ["/projects/1"], "https://gitlab.example/api/v4/projects/1"],
  ["https://apt.example", ["deb/", "trunk"], "https://apt.example/deb/trunk"],
  ["https://apt.example", ["dists/"], "https://apt.example/dists/"],
])("joins %s and %j to %s", (base, parts, expected) => {
  expect(joinUrl(base, ...parts)).toBe(expected);
});

it("puts one slash between two parts, whatever they begin and end with", () => {
  const slashes = fc.constantFrom("", "/", "//");
  const part = fc.tuple(slashes, fc.stringMatching(/^[a-z0-9.]+$/), slashes);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const joined = joinUrl("https://apt.example/", ...parts.map((each) => each.join("")));
      const [, , end = ""] = parts.at(-1) ?? [];
      const names = parts.map(([, name]) => name).join("/");
      expect(joined).toBe(`https://apt.example/${names}${end}`);
    }),
  );
});
