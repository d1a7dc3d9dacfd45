import { expect, test } from "vitest";
import { describeConfiguration } from "./documentation.ts";

const settings = describeConfiguration();

test("every setting has a meaning that is a sentence and a default", () => {
  for (const setting of settings) {
    expect(setting.meaning, setting.path).toMatch(/[.`]$/);
    expect(setting.default, setting.path).not.toMatch(/^(undefined|)$/);
  }
});

test("settings inside maps and objects are found", () => {
  const paths = settings.map(({ path }) => path);
  expect(paths).toContain("trunkline:packages.<package>.schedule.cron");
  expect(paths).toContain("trunkline:distributions.<codename>.baseImage");
  expect(new Set(paths).size).toBe(paths.length);
});

test.each([
  ["trunkline:group", "required"],
  ["trunkline:apt.component", "`main`"],
  ["trunkline:apt.architectures", '`["amd64"]`'],
  ["trunkline:packages.<package>.project", "the package's name"],
])("the default of %s is %s", (path, value) => {
  expect(settings.find((setting) => setting.path === path)?.default).toBe(value);
});
