import { expect, test } from "vitest";
import { devConfiguration } from "../support/engine-stack.ts";
import { devStack, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

const packagesKey = "trunkline:packages";

test("an edit of a package previews the changed lines of its file, and up applies that alone", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  const { requests } = servers.gitlab.sandbox;
  await stack.configure({ [packagesKey]: await packages({ ying: { installPrefix: "/opt/new" } }) });
  const head = await headOf("ying");
  requests.reset();

  const preview = await stack.preview();
  expect(preview.steps, preview.text).toEqual({ "RepositoryFile ying-pipeline": "update content" });
  expect(preview.text).toMatch(/~ INSTALL_PREFIX +: "\/opt\/trunk30" => "\/opt\/new"/);
  expect(Object.keys(requests.counts()).filter(isWrite)).toEqual(["POST /projects/:id/ci/lint"]);
  expect(await headOf("ying")).toEqual(head);

  const applied = await stack.up();
  expect(applied.steps, applied.text).toEqual(preview.steps);
  expect(await headOf("ying")).toMatchObject({ title: "Update the pipeline" });
  expect(await headOf("datahook")).toMatchObject({ title: "Add the pipeline" });

  async function headOf(name: string) {
    const url = `/projects/infra%2F${name}/repository/commits?per_page=1`;
    const [head] = (await servers.gitlab.look<{ title: string }[]>(url)) ?? [];
    return head;
  }
});

test("a package added to the list is previewed with its file, and up adds nothing else", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  const cog = { distributions: ["trixie"], schedule: { cron: "0 4 * * 1" } };
  await stack.configure({ [packagesKey]: await packages({ cog }) });

  const preview = await stack.preview();
  const created = {
    "PackageProject cog": "create",
    "Project cog-project": "create",
    "RepositoryFile cog-pipeline": "create",
    "BranchProtection cog-default-branch": "create",
    "PipelineSchedule cog-schedule": "create",
  };
  expect(preview.steps, preview.text).toEqual(created);
  expect(preview.text).toContain("compile_on_trixie: {");
  expect(await takeInventory(servers)).toEqual(devStack);

  const applied = await stack.up();
  expect(applied.steps, applied.text).toEqual(created);
  expect(await takeInventory(servers)).toEqual({
    ...devStack,
    projects: [...devStack.projects, "infra/cog: .gitlab-ci.yml"].sort(),
    schedules: ["refs/heads/main"],
  });
});

test("a package taken off the list goes with its project, and the rest stays", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  const { ying } = await packages({});
  await stack.configure({ [packagesKey]: { ying } });
  const applied = await stack.up();
  expect(applied.steps, applied.text).toEqual({
    "PackageProject datahook": "delete",
    "Project datahook-project": "delete",
    "RepositoryFile datahook-pipeline": "delete",
    "BranchProtection datahook-default-branch": "delete",
  });
  expect(await takeInventory(servers)).toEqual({
    ...devStack,
    projects: ["infra/ci: package-v1.yml", "infra/ying: .gitlab-ci.yml"],
  });
});

/** The dev stack's packages with changed or further ones. */
async function packages(changes: Readonly<Record<string, object>>) {
  const { [packagesKey]: all } = await devConfiguration();
  const entries = all as Record<string, object>;
  const changed = Object.entries(changes).map(([name, change]) => [
    name,
    { ...entries[name], ...change },
  ]);
  return { ...entries, ...Object.fromEntries(changed) };
}

function isWrite(route: string): boolean {
  return !route.startsWith("GET ");
}
