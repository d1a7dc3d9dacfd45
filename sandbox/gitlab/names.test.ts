import { describe, expect, test } from "vitest";
import { checkGroupNames, checkProjectNames, fault, toPath } from "./names.ts";

describe("a project's name", () => {
  test.each(["ying", "Data Hook 2", "_x", "C++ tools", "Größe", "🚚 trunk"])(
    "may be %j",
    (name) => {
      expect(checkProjectNames(name, "ok")).toEqual({});
    },
  );

  test.each(["-x", " x", "a/b", "(x)", ""])("may not be %j", (name) => {
    expect(checkProjectNames(name, "ok")).toEqual({ name: [fault.projectName] });
  });

  test("may have 255 characters and no more", () => {
    expect(checkProjectNames("a".repeat(255), "ok")).toEqual({});
    expect(checkProjectNames("a".repeat(256), "ok")).toEqual({ name: [fault.tooLong] });
  });
});

describe("a project's path", () => {
  test.each(["ying", "data-hook", "v2.1_x", "A1"])("may be %j", (path) => {
    expect(checkProjectNames("ok", path)).toEqual({});
  });

  test.each(["-a", "a-", "a..b", "a--b", "a.git", "a.atom", "ä", "a b", ""])(
    "may not be %j",
    (path) => {
      expect(checkProjectNames("ok", path)).toEqual({ path: [fault.projectPath] });
    },
  );

  test("may not be a word GitLab needs for itself", () => {
    expect(checkProjectNames("ok", "tree")).toEqual({ path: ["tree is a reserved name"] });
  });
});

describe("a group's path", () => {
  test.each(["infra", "a--b", "_x", "x."])("%j", (path) => {
    const faults = path === "x." ? { path: [fault.groupPath] } : {};
    expect(checkGroupNames("ok", path, true)).toEqual(faults);
  });

  test("may not be a reserved word of its level", () => {
    expect(checkGroupNames("ok", "admin", true)).toEqual({ path: ["admin is a reserved name"] });
    expect(checkGroupNames("ok", "admin", false)).toEqual({});
    expect(checkGroupNames("ok", "tree", false)).toEqual({ path: ["tree is a reserved name"] });
  });

  test("goes with a name that may hold parentheses but no plus", () => {
    expect(checkGroupNames("Infra (new)", "ok", true)).toEqual({});
    expect(checkGroupNames("C++", "ok", true)).toEqual({ name: [fault.groupName] });
  });
});

test.each([
  ["data-hook", "data-hook"],
  ["Data Hook", "data-hook"],
  ["C++ tools!", "c-tools"],
  ["Müll", "mull"],
])("the path of a project named %j is %j", (name, path) => {
  expect(toPath(name)).toBe(path);
});
