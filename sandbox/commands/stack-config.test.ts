import { expect, test } from "vitest";
import { renderStackConfig } from "./stack-config.ts";

const committed = `# The sandbox.
config:
  trunkline:group: infra
`;

const registry = "127.0.0.1:5050";
const render = (text: string, previous: string | undefined) =>
  renderStackConfig({ committed: text, previous, registry });

test("a new stack gets the committed configuration as it is", () => {
  expect(render(committed, undefined)).toBe(committed);
});

test("the salt of this sandbox stays when the committed configuration changes", () => {
  const previous = "config:\n  trunkline:group: old\nencryptionsalt: v1:here\n";
  const rendered = render(committed, previous);
  expect(rendered).toBe(`${committed}encryptionsalt: v1:here\n`);
});

test("a salt committed from another sandbox gives way to this one's", () => {
  const foreign = `${committed}encryptionsalt: v1:foreign\n`;
  expect(render(foreign, "encryptionsalt: v1:here\n")).toContain("v1:here");
  expect(render(foreign, "encryptionsalt: v1:here\n")).not.toContain("foreign");
  expect(render(foreign, undefined)).toBe(committed);
});

test("a salt that encrypted values were written with is kept", () => {
  const encrypted = `config:
  aptly:password:
    secure: v1:abc
encryptionsalt: v1:theirs
`;
  expect(render(encrypted, "encryptionsalt: v1:here\n")).toBe(encrypted);
});

test("image names follow the registry to another port", () => {
  const images =
    'config:\n  trunkline:registry: 127.0.0.1:5050\n  x: "127.0.0.1:5050/debian:trixie"\n';
  const args = { committed: images, previous: undefined, registry: "127.0.0.1:6000" };
  expect(renderStackConfig(args)).toBe(images.replaceAll("5050", "6000"));
});
