import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import type { Stored } from "../../test/support/mini-engine.ts";
import { refuseOtherServer } from "./other-server.ts";

const [group, project] = ["gitlab:index/group:Group", "gitlab:index/project:Project"];

let ours: GitLabScene;
let theirs: GitLabScene;
let infra: Stored;
let ying: Stored;
beforeAll(async () => {
  ours = await GitLabScene.start();
  theirs = await GitLabScene.start();
  infra = await ours.engine.create(group, "infra", { name: "infra", path: "infra" });
  const namespaceId = Number(infra.id);
  ying = await ours.engine.create(project, "ying", { name: "ying", path: "ying", namespaceId });
});
afterAll(async () => {
  await ours?.stop();
  await theirs?.stop();
});

it("refuses what has the state's id on another server, and changes nothing there", async () => {
  await theirs.call("POST", "/groups", { name: "Other", path: "other" });
  await theirs.call("POST", "/projects", { name: "other", namespace_id: Number(infra.id) });
  const words =
    /gitlab:baseUrl is http\S+, where what the state tells of is not; it was made on http/;
  await expect(theirs.engine.refresh(infra)).rejects.toThrow(words);
  await expect(theirs.engine.refresh(ying)).rejects.toThrow(words);
  const described = { name: "ying", path: "ying", namespaceId: Number(infra.id), description: "x" };
  await expect(theirs.engine.update(ying, described)).rejects.toThrow(words);
  expect(await theirs.look(`/projects/${ying.id}`)).toMatchObject({ path: "other" });
});

it("takes a server for the same one where id, path and token are, whatever its address", async () => {
  const moved = await ours.connect({ baseUrl: ours.baseUrl.replace("127.0.0.1", "localhost") });
  expect(await moved.refresh(infra)).toMatchObject({
    state: { webUrl: expect.stringContaining("//localhost:") },
  });
});

it.each([
  ["another path", { fullPath: "infra/yang", webUrl: "https://b/infra/yang" }, true],
  [
    "another token",
    { fullPath: "infra/ying", webUrl: "https://b/infra/ying", runnersToken: "2" },
    true,
  ],
  [
    "the same of all",
    { fullPath: "infra/ying", webUrl: "https://b/infra/ying", runnersToken: "1" },
    false,
  ],
  ["no token told", { fullPath: "infra/ying", webUrl: "https://b/infra/ying" }, false],
  ["a rename on one server", { fullPath: "infra/yang", webUrl: "https://a/infra/yang" }, false],
] as const)("with %s", (_, found, isRefused) => {
  const recorded = { fullPath: "infra/ying", webUrl: "https://a/infra/ying", runnersToken: "1" };
  const refusal = () => new Error("other server");
  const check = () => refuseOtherServer({ address: { refusal } } as never, recorded, found);
  if (isRefused) expect(check).toThrow("other server");
  else expect(check).not.toThrow();
});
