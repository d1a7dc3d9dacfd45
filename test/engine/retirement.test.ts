import { expect, test } from "vitest";
import { devConfiguration } from "../support/engine-stack.ts";
import { devStack, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

const packagesKey = "trunkline:packages";
const schedule = { cron: "0 4 * * 1" };
const variables = { BUILD_TYPE: "nightly" };

test("an archived package is left as it is, whatever changes, and comes back with what it had", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  const { ying, datahook } = await devPackages();
  const full = { ...ying, variables, schedule };
  await stack.configure({ [packagesKey]: { ying: full, datahook } });
  await stack.up();
  const { gitlab, aptly } = servers;
  await aptly.upload("infra_trixie", "ying_1.0_amd64.deb");
  const before = await look();

  await stack.configure({ [packagesKey]: { ying: { ...full, archived: true }, datahook } });
  const archived = await stack.up();
  expect(archived, archived.text).toMatchObject({
    succeeded: true,
    steps: { "Project ying-project": "update archived" },
  });
  expect(await gitlab.look("/projects/infra%2Fying")).toMatchObject({ archived: true });

  // Neither a file, a variable nor a schedule can be written there now: GitLab answers 403.
  const other = { ...ying, installPrefix: "/opt/new", archived: true, variables: { OTHER: "x" } };
  await stack.configure({ [packagesKey]: { ying: other, datahook } });
  const edited = await stack.up();
  expect(edited, edited.text).toMatchObject({ succeeded: true, steps: {} });
  expect((await stack.refresh()).steps).toEqual({});
  expect(await look()).toEqual(before);
  expect(await aptly.raw("GET", "/repos/infra_trixie/packages")).toHaveLength(1);

  const back = { ...ying, schedule };
  await stack.configure({ [packagesKey]: { ying: back, datahook } });
  const returned = await stack.up();
  expect(returned, returned.text).toMatchObject({
    succeeded: true,
    steps: {
      "Project ying-project": "update archived",
      "ProjectVariable ying-BUILD_TYPE": "delete",
    },
  });
  expect(await gitlab.look("/projects/infra%2Fying")).toMatchObject({ archived: false });

  async function look() {
    const lists = ["variables", "pipeline_schedules", "protected_branches", "repository/commits"];
    return Promise.all(lists.map((list) => gitlab.look(`/projects/infra%2Fying/${list}`)));
  }
});

test("a package that is new and archived is a project alone", async () => {
  const { servers, stack } = await sceneForTest();
  const { ying, datahook } = await devPackages();
  const packages = { ying, datahook: { ...datahook, variables, archived: true } };
  await stack.configure({ [packagesKey]: packages });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  const { gitlab } = servers;
  expect(await gitlab.look("/projects/infra%2Fdatahook")).toMatchObject({ archived: true });
  expect(await gitlab.look("/projects/infra%2Fdatahook/variables")).toEqual([]);
});

test("a package or a distribution that leaves a protected stack is refused before anything changes", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  await stack.up();
  const { ying, datahook } = await devPackages();
  const { "trunkline:distributions": distributions } = await devConfiguration();
  const { bookworm, trixie } = distributions as Record<string, object>;
  const onTrixie = { ...ying, distributions: ["trixie"], description: "changed" };
  await stack.configure({
    [packagesKey]: { ying: onTrixie },
    "trunkline:distributions": { trixie },
  });
  servers.gitlab.sandbox.requests.reset();
  servers.aptly.front.requests.length = 0;
  for (const refused of [await stack.preview(), await stack.up()]) {
    expect(refused.succeeded).toBe(false);
    const text = refused.text.replace(/\s+/g, " ");
    expect(text).toContain("trunkline:packages.datahook has left the configuration");
    expect(text).toContain("trunkline:distributions.bookworm has left the configuration");
  }
  const calls = [
    ...Object.keys(servers.gitlab.sandbox.requests.counts()),
    ...servers.aptly.front.requests,
  ];
  expect(calls.filter((call) => !call.startsWith("GET "))).toEqual([]);

  // As the refusal says: declared first, then taken off.
  const free = { ...datahook, distributions: ["trixie"], protect: false };
  await stack.configure({
    [packagesKey]: { ying: onTrixie, datahook: free },
    "trunkline:distributions": { bookworm: { ...bookworm, protect: false }, trixie },
  });
  await servers.aptly.upload("infra_bookworm", "ying_1.0_amd64.deb");
  const declared = await stack.up();
  expect(declared.succeeded, declared.text).toBe(true);
  await stack.configure({
    [packagesKey]: { ying: onTrixie },
    "trunkline:distributions": { trixie },
  });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(await takeInventory(servers)).toMatchObject({
    projects: ["infra/ci: package-v1.yml", "infra/ying: .gitlab-ci.yml"],
    repositories: ["infra_trixie"],
    publications: ["trunk/trixie"],
  });
});

test("in dev, too, a distribution with packages is not unpublished by an update nor by destroy", async () => {
  const { "trunkline:onDestroy": _, ...configuration } = await devConfiguration();
  const { servers, stack } = await sceneForTest({ configuration });
  await stack.up();
  await servers.aptly.upload("infra_bookworm", "ying_1.0_amd64.deb");
  const { ying } = await devPackages();
  const { trixie } = configuration["trunkline:distributions"] as Record<string, object>;
  await stack.configure({
    [packagesKey]: { ying: { ...ying, distributions: ["trixie"] } },
    "trunkline:distributions": { trixie },
  });
  const refused = await stack.preview();
  expect(refused.succeeded).toBe(false);
  expect(refused.text.replace(/\s+/g, " ")).toContain(
    'packages are in its repository "infra_bookworm" (1). Put it back.',
  );
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded).toBe(false);
  expect((await takeInventory(servers)).publications).toContain("trunk/bookworm");
});

test("a renamed key keeps its project, and so does a stack that named it by the key", async () => {
  const { servers, stack } = await sceneForTest();
  const { ying, datahook } = await devPackages();
  const hook = { ...datahook, variables, schedule };
  await stack.configure({ [packagesKey]: { ying, datahook: hook } });
  await stack.up();
  await stack.configure({ [packagesKey]: { ying, newhook: { ...hook, project: "datahook" } } });
  const renamed = await stack.preview();
  expect(renamed, renamed.text).toMatchObject({
    succeeded: true,
    steps: { "RepositoryFile datahook-pipeline": "update content" },
  });

  // An earlier program named the project and what is in it by the key.
  const state = await stack.exportState();
  await stack.importState(JSON.parse(JSON.stringify(state).replace(/::datahook\b/g, "::newhook")));
  const aliased = await stack.up();
  expect(aliased, aliased.text).toMatchObject({ succeeded: true, steps: renamed.steps });
  expect(await takeInventory(servers)).toEqual({ ...devStack, schedules: ["refs/heads/main"] });
});

async function devPackages(): Promise<Record<"ying" | "datahook", object>> {
  const { [packagesKey]: packages } = await devConfiguration();
  return packages as Record<"ying" | "datahook", object>;
}
