import { expect, it } from "vitest";
import { importCommand } from "./import-command.ts";

const variable = "gitlab:index/groupVariable:GroupVariable";

it.each([
  [
    "a resource at the top",
    [`urn:pulumi:dev::trunkline::${variable}::url`, "7:APTLY_URL:*"],
    `pulumi import ${variable} url '7:APTLY_URL:*' --stack dev --generate-code=false --yes`,
  ],
  [
    "a child of one of trunkline's components, which looks for it at the top",
    [`urn:pulumi:dev::trunkline::trunkline:ci:PackageGroup$${variable}::packages-a b`, "7:A:*"],
    `pulumi import ${variable} 'packages-a b' '7:A:*' --stack dev --generate-code=false --yes`,
  ],
  [
    "a child of another component, whose name nobody tells a plugin",
    [`urn:pulumi:prod::shop::my:own:Team$my:own:Group$${variable}::a::b`, "7:A:*"],
    `pulumi import ${variable} a::b '7:A:*' --parent 'parent=urn:pulumi:prod::shop::my:own:Team$my:own:Group::NAME_OF_THE_PARENT' --stack prod --generate-code=false --yes`,
  ],
])("is whole for %s", (_, [urn = "", id = ""], command) => {
  expect(importCommand(urn, id)).toBe(command);
});
