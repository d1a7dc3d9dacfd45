import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type Configuration, readConfiguration } from "../configuration/configuration.ts";
import { mapEntries } from "../validation/entries.ts";
import { type Declared, optionsOf, toDeclared } from "./declared.ts";
import { planPipelines, planProject } from "./plan.ts";
import { findLosses, findUntold } from "./retirement.ts";

const written = {
  group: "infra",
  registry: "registry.example.com",
  distributions: { bookworm: {}, trixie: {} },
  apt: { prefix: "trunk", repository: "infra" },
  runners: { infra: { tags: ["infra"] } },
  packages: {
    ying: { distributions: ["trixie"], variables: { KIND: "a" }, schedule: { cron: "0 4 * * 1" } },
    datahook: { distributions: ["trixie"], project: "hook" },
  },
};

function configure(changes: object = {}, stack = "prod") {
  return readConfiguration({ ...written, ...changes }, { today: new Date("2026-06-01"), stack });
}

function declare(configuration: Configuration, before?: Declared) {
  const given = {
    groups: { infra: { groupId: output(1) } },
    pipelines: planPipelines(configuration),
    templates: {},
    access: {},
    users: {},
    before,
  };
  const plan = (key: string) => planProject(configuration, key, given);
  return toDeclared(configuration, mapEntries(configuration.packages, plan));
}

/** What is told of `after` in a stack that declared `before`; each repository holds packages as `counts` says. */
async function losses(before: object, after: object, counts: Record<string, number> = {}) {
  const stack = "protect" in before ? "dev" : "prod";
  const asked: string[] = [];
  const faults = await findLosses(
    configure(after, stack),
    declare(configure(before, stack)),
    async (name) => {
      asked.push(name);
      return counts[name] ?? 0;
    },
  );
  return { faults: faults.map(({ path, message }) => `${path} ${message}`), asked, full: faults };
}

const { ying, datahook } = written.packages;
const withoutBookworm = { distributions: { trixie: {} } };

describe("a package that left the configuration", () => {
  it("is missed where projects are protected, with both ways on", async () => {
    const { faults, full } = await losses({}, { packages: { ying } });
    expect(faults).toEqual([
      'trunkline:packages.datahook has left the configuration, and trunkline:protect keeps its project "infra/hook"',
    ]);
    expect(full[0]?.fix).toMatch(/archived: true: .* protect: false, run pulumi up/);
  });

  it("is found by its project under another name", async () => {
    const packages = { ying, hookng: datahook };
    expect((await losses({}, { packages })).faults).toEqual([]);
  });

  it("is not missed when its project moves to another path, and keeps it", async () => {
    const packages = { ying, datahook: { ...datahook, project: "moved" } };
    expect((await losses({}, { packages })).faults).toEqual([]);
    const before = declare(configure());
    expect(optionsOf(configure({ packages }), "datahook", before)).toEqual({
      name: "moved",
      options: { protect: true, aliases: [{ name: "datahook" }, { name: "hook" }] },
    });
  });

  it("may go once it was declared unprotected, not in the same update", async () => {
    const free = { packages: { ying, datahook: { ...datahook, protect: false } } };
    expect((await losses(free, { packages: { ying } })).faults).toEqual([]);
    const late = { protect: false, packages: { ying } };
    expect((await losses({}, late)).faults).toHaveLength(1);
  });

  it("may go where nothing is protected", async () => {
    expect((await losses({ protect: false }, { packages: { ying } })).faults).toEqual([]);
  });
});

describe("a distribution that left the configuration", () => {
  it("is missed where repositories are protected, whatever is in them", async () => {
    const { faults, asked } = await losses({}, withoutBookworm);
    expect(faults).toEqual([
      'trunkline:distributions.bookworm has left the configuration, and trunkline:protect keeps its repository "infra_bookworm"',
    ]);
    expect(asked).toEqual([]);
  });

  it("is missed elsewhere while packages are in its repository", async () => {
    const counts = { infra_bookworm: 2 };
    const { faults } = await losses({ protect: false }, withoutBookworm, counts);
    expect(faults).toEqual([
      'trunkline:distributions.bookworm has left the configuration, and packages are in its repository "infra_bookworm" (2)',
    ]);
    expect((await losses({ protect: false }, withoutBookworm)).faults).toEqual([]);
  });

  it.each([
    ["its entry", { distributions: { bookworm: { protect: false }, trixie: {} } }],
    ["onDestroy: delete", { protect: false, onDestroy: "delete" }],
  ])("may go with its packages when %s said so before", async (_, before) => {
    const { faults, asked } = await losses(before, withoutBookworm, { infra_bookworm: 2 });
    expect([faults, asked]).toEqual([[], []]);
  });
});

describe("a group that is the stack's", () => {
  const theirs = { group: { path: "infra", existing: true } };

  it("is missed where groups are protected", async () => {
    const { faults } = await losses(
      { groups: { tools: {} } },
      { groups: { tools: { existing: true } } },
    );
    expect(faults).toEqual([
      'trunkline:groups.tools is existing: true now, and trunkline:protect keeps the group "tools"',
    ]);
    expect((await losses({ groups: { tools: {} } }, {})).faults).toEqual([
      'trunkline:groups.tools has left the configuration, and trunkline:protect keeps the group "tools"',
    ]);
  });

  it("is not deleted because it becomes somebody else's", async () => {
    const deleting = { protect: false, onDestroy: "delete" };
    expect((await losses(deleting, { ...deleting, ...theirs })).faults).toEqual([
      'trunkline:group is existing: true now, and onDestroy: delete would delete the group "infra" with all its projects',
    ]);
  });

  it("may leave where it stays in GitLab, and have another path", async () => {
    expect((await losses({ protect: false }, theirs)).faults).toEqual([]);
    expect((await losses({}, { group: "moved" })).faults).not.toContainEqual(
      expect.stringMatching(/^trunkline:groups?\b/),
    );
  });
});

describe("another place for what is published", () => {
  const apt = { prefix: "branch", repository: "team" };

  it("is refused where repositories are protected, by its keys", async () => {
    expect((await losses({}, { apt })).faults).toEqual([
      'trunkline:apt.repository replaces "infra_bookworm" by "team_bookworm", and trunkline:protect keeps what is there',
      'trunkline:apt.prefix replaces "trunk" by "branch", and trunkline:protect keeps what is there',
    ]);
    expect((await losses({ protect: false }, { apt })).faults).toEqual([]);
  });
});

describe("an archived package", () => {
  it("waits until the stack has told what is in its project", () => {
    const packages = { ying: { ...ying, archived: true }, datahook };
    const faults = findUntold(configure({ packages }));
    expect(faults.map(({ path }) => path)).toEqual(["trunkline:packages.ying.archived"]);
  });
});

describe("what a stack declares", () => {
  const before = declare(configure());

  it("is by the projects' paths", () => {
    expect(before.packages["infra/hook"]).toMatchObject({ key: "datahook", protect: true });
    expect(before.packages["infra/ying"]?.content).toEqual({
      pipeline: true,
      defaultBranch: "main",
      variables: ["KIND"],
      schedules: { "": [] },
      branches: ["main"],
      tags: [],
      members: [],
    });
  });

  it("keeps of an archived package what it had", () => {
    const archived = { distributions: ["trixie"], archived: true };
    const after = declare(configure({ packages: { ying: archived, datahook } }), before);
    expect(after.packages["infra/ying"]).toEqual(before.packages["infra/ying"]);
    const fresh = declare(configure({ packages: { ying: archived } }));
    expect(fresh.packages["infra/ying"]?.content).toMatchObject({ pipeline: false, variables: [] });
  });
});
