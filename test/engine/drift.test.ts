import { expect, test } from "vitest";
import { sceneForTest } from "./scene.ts";

test("what was changed by hand shows in a refresh, that alone, and the next up puts it back", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  const { gitlab, aptly } = servers;
  const file = "/projects/infra%2Fying/repository/files/.gitlab-ci.yml";
  const rendered = await gitlab.look<{ blob_id: string }>(`${file}?ref=main`);
  await gitlab.call("PUT", "/projects/infra%2Fdatahook", { build_git_strategy: "fetch" });
  await gitlab.call("PUT", "/groups/infra/variables/APT_URL", { value: "https://elsewhere" });
  await gitlab.call("PUT", file, { branch: "main", content: "job: {}", commit_message: "By hand" });
  await gitlab.call("DELETE", "/projects/infra%2Fying/protected_branches/main");
  await aptly.raw("DELETE", "/publish/trunk/trixie");

  const refreshed = await stack.refresh();
  expect(refreshed.steps, refreshed.text).toEqual({
    "Project datahook-project": "update buildGitStrategy",
    "GroupVariable packages-APT_URL": "update value",
    "RepositoryFile ying-pipeline": expect.stringContaining("update content"),
    "BranchProtection ying-default-branch": "delete",
    "Publication apt-trixie": "delete",
  });

  const preview = await stack.preview();
  expect(preview.steps, preview.text).toEqual({
    "Project datahook-project": "update buildGitStrategy",
    "GroupVariable packages-APT_URL": "update value",
    "RepositoryFile ying-pipeline": "update content",
    "BranchProtection ying-default-branch": "create",
    "Publication apt-trixie": "create",
  });
  const repaired = await stack.up();
  expect(repaired.steps, repaired.text).toEqual(preview.steps);

  expect(await gitlab.look("/projects/infra%2Fdatahook")).toMatchObject({
    build_git_strategy: "clone",
  });
  expect(await gitlab.look("/groups/infra/variables/APT_URL")).toMatchObject({
    value: servers.environment.APT_URL,
  });
  expect(await gitlab.look(`${file}?ref=main`)).toMatchObject({ blob_id: rendered?.blob_id });
  expect(await gitlab.look("/projects/infra%2Fying/protected_branches/main")).toBeDefined();
  expect(await aptly.raw("GET", "/publish")).toMatchObject([
    { Distribution: "bookworm" },
    { Distribution: "trixie" },
  ]);
  expect((await stack.refresh()).steps).toEqual({});
});
