import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { example, today } from "../test/support/configuration-example.ts";
import { findExisting } from "./existing.ts";

const distributions = ["bookworm"];
const configuration = readConfiguration(
  example({
    group: { path: "infra", existing: true },
    groups: { tools: {}, libs: { existing: true } },
    packages: {
      ying: { distributions, members: { ada: "maintainer", nobody: "guest" } },
      yang: { distributions, members: { ada: "developer", nobody: "guest" } },
    },
  }),
  { today, stack: "dev" },
);

function lookupsFor(known: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const find = (kind: string) => async (name: string) => {
    asked.push(name);
    const found = known[name];
    if (found === undefined) throw new Error(`get: "${name}" is no ${kind} that the token sees.`);
    return found;
  };
  return { asked, lookups: { user: find("user"), group: find("group") } };
}

describe("what must be there already", () => {
  it("is looked up once, however many name it, and what the stack makes is not", async () => {
    const { asked, lookups } = lookupsFor({ ada: 5, nobody: 6, infra: 7, libs: 8 });
    expect(await findExisting(configuration, lookups)).toEqual({ users: { ada: 5, nobody: 6 } });
    expect(asked.sort()).toEqual(["ada", "infra", "libs", "nobody"]);
  });

  it("and is not, is told at each place that names it, together", async () => {
    const { lookups } = lookupsFor({ ada: 5, infra: 7 });
    const message = await findExisting(configuration, lookups).catch(String);
    for (const path of ["packages.ying.members.nobody", "packages.yang.members.nobody"]) {
      expect(message).toContain(`trunkline:${path} "nobody" is no user that the token sees. Check`);
    }
    expect(message).toContain('trunkline:groups.libs "libs" is no group that the token sees.');
    expect(message).not.toContain("ada");
  });

  it("and cannot be asked for, is told with the reason", async () => {
    const { lookups } = lookupsFor({ ada: 5, nobody: 6, infra: 7 });
    const failing = { ...lookups, group: () => Promise.reject(new Error("gitlab: no answer")) };
    const message = await findExisting(configuration, failing).catch(String);
    expect(message).toContain(
      'trunkline:group.path "infra" cannot be looked up. gitlab: no answer',
    );
  });
});
