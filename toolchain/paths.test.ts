import { expect, test } from "vitest";
import { foreignPath } from "./paths.ts";

test("the tools that set-up built are not among the installed ones, as make puts them on PATH", () => {
  const environment = {
    TRUNKLINE_TOOLCHAIN_DIR: "/tools",
    PATH: "/tools/bin:/usr/bin:/tools/bin/:/bin",
  };
  expect(foreignPath(environment)).toBe("/usr/bin:/bin");
});
