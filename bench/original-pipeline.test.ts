import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { devConfiguration } from "../test/support/engine-stack.ts";

const text = readFileSync(new URL("original-pipeline/.gitlab-ci.yml", import.meta.url), "utf8");
const pipeline = parse(text);
const datahook = (await devConfiguration())["trunkline:packages"] as Record<
  "datahook",
  { distributions: string[]; installPrefix: string; buildDepends: string[]; uses: string[] }
>;
const { distributions, installPrefix, buildDepends, uses } = datahook.datahook;

test("every job of the original installs what trunkline's builds datahook with", () => {
  const [install = ""] = text.match(/(?<=apt install -y ).+/) ?? [];
  expect(install.split(" ").sort()).toEqual([...buildDepends, ...uses].sort());
});

test("the original builds datahook for the distributions and the prefix of the dev stack", () => {
  const jobs = Object.values<{ image?: string; variables?: { CODENAME?: string } }>(pipeline);
  const codenames = jobs.filter(({ image }) => image).map(({ variables }) => variables?.CODENAME);
  expect(codenames).toEqual([...distributions, ...distributions]);
  expect(text).toContain(`-DCMAKE_INSTALL_PREFIX=${installPrefix} `);
});
