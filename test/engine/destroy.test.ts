import { expect, test } from "vitest";
import { devConfiguration, type EngineStack } from "../support/engine-stack.ts";
import { devStack, nothing, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

test("destroy leaves nothing of the dev stack on the servers", async () => {
  const { servers, stack } = await sceneForTest({ deletesAtOnce: true });
  await stack.up();
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
  expect(await takeInventory(servers)).toEqual(nothing);
});

test("a destroyed stack can be made again while GitLab still keeps its group for some days", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  await stack.destroy();
  const kept = /^infra-deletion_scheduled-\d+$/;
  expect(await takeInventory(servers)).toEqual({
    ...nothing,
    groups: [expect.stringMatching(kept)],
  });
  const again = await stack.up();
  expect(again.succeeded, again.text).toBe(true);
  expect(await takeInventory(servers)).toEqual({
    ...devStack,
    groups: ["infra", expect.stringMatching(kept)],
  });
});

test("outside dev destroy is refused as a whole: nothing goes until the protection is taken away", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  await stack.up();
  const before = await objectsOf(stack);
  const refused = await stack.destroy();
  expect(refused.succeeded).toBe(false);
  expect(refused.text).toContain('DestroyGuard::trunkline:protect" cannot be deleted');
  expect(await takeInventory(servers)).toEqual(devStack);
  expect(await objectsOf(stack)).toEqual(before);

  await stack.configure({ "trunkline:protect": false });
  await stack.up();
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
});

test("outside dev a runner that leaves the configuration goes in one update, the rest stays", async () => {
  const { servers, stack } = await sceneForTest({ name: "prod" });
  await stack.up();
  const { "trunkline:runners": runners } = await devConfiguration();
  await stack.configure({ "trunkline:runners": { other: (runners as { infra: object }).infra } });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(await takeInventory(servers)).toEqual({ ...devStack, runners: ["other"] });
});

test("projects are archived, unless their deletion was chosen, and stay when all is destroyed", async () => {
  const { "trunkline:onDestroy": _, ...configuration } = await devConfiguration();
  const { servers, stack } = await sceneForTest({ configuration });
  await stack.up();
  const { ying } = configuration["trunkline:packages"] as Record<string, object>;
  await stack.configure({ "trunkline:packages": { ying } });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(await servers.gitlab.look("/projects/infra%2Fdatahook")).toMatchObject({ archived: true });

  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
  expect(await takeInventory(servers)).toMatchObject({
    groups: ["infra"],
    projects: devStack.projects,
  });
});

interface StoredResource {
  readonly urn: string;
  /** False for a component, which is no object anywhere. */
  readonly custom: boolean;
}

/** What the state holds, components left out. */
async function objectsOf(stack: EngineStack): Promise<string[]> {
  const { checkpoint } = JSON.parse(await stack.readState());
  const resources: readonly StoredResource[] = checkpoint.latest.resources;
  return (
    resources
      // The engine's own provider, by which a stack reads its outputs, is none of the stack's objects.
      .filter(({ custom, urn }) => custom && !urn.includes("::pulumi:providers:pulumi::"))
      .map(({ urn }) => urn)
      .sort()
  );
}
