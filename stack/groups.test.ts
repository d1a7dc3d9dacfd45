import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { example, today } from "../test/support/configuration-example.ts";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { createGroups, planAccess, planGroups } from "./groups.ts";

const connections = {
  gitlabUrl: "https://gitlab.example.com",
  aptlyUrl: "https://aptly.example.com/api",
  aptlyUsername: "trunkline",
  aptlyPassword: "a-password",
  aptUrl: "https://apt.example.com",
  aptKey: "",
};

function createFor(changes: Readonly<Record<string, unknown>>) {
  const configuration = readConfiguration(example(changes), { today, stack: "dev" });
  const outputs = ({ type, inputs }: Recorded) =>
    type.endsWith(":getGroup") && inputs.fullPath === "theirs" ? { groupId: 5 } : { id: 7 };
  const create = () =>
    void createGroups(planGroups(configuration, planAccess(connections, {})), {});
  return record(create, outputs);
}

describe("the groups of a stack", () => {
  it("keep the names of the first, and add their paths to those of others", async () => {
    const children = await createFor({ groups: { tools: { name: "Tools" } } });
    expect(named(children, "packages-group").inputs).toMatchObject({ path: "infra" });
    expect(named(children, "packages-tools-group").inputs).toMatchObject({
      path: "tools",
      name: "Tools",
    });
  });

  it("come after the groups of the stack that they lie in", async () => {
    const children = await createFor({ group: "platform/infra", groups: { platform: {} } });
    const groups = children.filter(({ type }) => type.endsWith(":Group"));
    expect(groups.map(({ name }) => name)).toEqual(["packages-platform-group", "packages-group"]);
    // The id of what was recorded is no number; nothing is looked up.
    expect(named(children, "packages-group").inputs.parentId).toBeNaN();
  });

  it("have the stack's variables once, and each its own", async () => {
    const children = await createFor({
      group: { path: "platform", variables: { REGION: "eu" } },
      groups: { "platform/tools": { variables: { REGION: "us" } }, "other/tools": {} },
      variables: { REGION: "any", PROXY: "http://proxy" },
    });
    const values = children
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .filter(
        ({ type, inputs }) =>
          type.endsWith(":GroupVariable") && !String(inputs.key).startsWith("APT"),
      )
      .map(({ name, inputs }) => [name, inputs.value]);
    expect(values).toEqual([
      ["packages-other/tools-PROXY", "http://proxy"],
      ["packages-other/tools-REGION", "any"],
      ["packages-platform/tools-REGION", "us"],
      ["packages-PROXY", "http://proxy"],
      ["packages-REGION", "eu"],
    ]);
  });

  it("are no resource of the stack when they are somebody else's", async () => {
    const children = await createFor({ group: { path: "theirs", existing: true } });
    expect(children.map(({ name }) => name)).toEqual(["packages"]);
  });
});
