import { expect, test } from "vitest";
import { devStack, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

test("while others publish, up waits for its turn, says so in its output, and ends as ever", async () => {
  const { servers, stack } = await sceneForTest();
  let others = 8;
  servers.aptly.front.meddle = async (call) => {
    if (call.startsWith("GET ") || others === 0) return undefined;
    others -= 1;
    return { status: 429 };
  };
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(applied.text).toContain("info: aptly is busy with another caller's change: waiting.");
  expect(others).toBe(0);
  servers.aptly.front.meddle = undefined;
  expect(await takeInventory(servers)).toEqual(devStack);
});
