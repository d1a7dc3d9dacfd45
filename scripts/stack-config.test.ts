import { expect, test } from "vitest";
import { renderStackConfig } from "./stack-config.ts";

const committed = `# The sandbox.
config:
  trunkline:group: infra
`;

test("a new stack gets the committed configuration as it is", () => {
  expect(renderStackConfig(committed, undefined)).toBe(committed);
});

test("the salt of this sandbox stays when the committed configuration changes", () => {
  const previous = "config:\n  trunkline:group: old\nencryptionsalt: v1:here\n";
  const rendered = renderStackConfig(committed, previous);
  expect(rendered).toBe(`${committed}encryptionsalt: v1:here\n`);
});

test("a salt committed from another sandbox gives way to this one's", () => {
  const foreign = `${committed}encryptionsalt: v1:foreign\n`;
  expect(renderStackConfig(foreign, "encryptionsalt: v1:here\n")).toContain("v1:here");
  expect(renderStackConfig(foreign, "encryptionsalt: v1:here\n")).not.toContain("foreign");
  expect(renderStackConfig(foreign, undefined)).toBe(committed);
});

test("a salt that encrypted values were written with is kept", () => {
  const encrypted = `config:
  aptly:password:
    secure: v1:abc
encryptionsalt: v1:theirs
`;
  expect(renderStackConfig(encrypted, "encryptionsalt: v1:here\n")).toBe(encrypted);
});
