import { expect, test } from "vitest";
import { type Scene, sceneForTest } from "./scene.ts";

const pipelineOf = (name: string) => `/projects/infra%2F${name}/repository/files/.gitlab-ci.yml`;
const file = pipelineOf("ying");

test("what was changed by hand shows in a plain preview, that alone, and a plain up puts it back", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.up();
  const { gitlab, aptly } = servers;
  const rendered = await gitlab.look<{ blob_id: string }>(`${file}?ref=main`);
  await changeByHand(servers);

  const preview = await stack.preview();
  expect(preview.steps, preview.text).toEqual({
    "Project datahook-project": "update buildGitStrategy",
    "GroupVariable packages-APT_URL": "update value",
    "RepositoryFile datahook-pipeline": "update content",
    "BranchProtection datahook-default-branch": "update mergeAccessLevel pushAccessLevel",
    "RepositoryFile ying-pipeline": "update content",
    "BranchProtection ying-default-branch": "create",
    "Publication apt-trixie": "create",
  });
  expect(preview.text).toMatch(/buildGitStrategy\s*: "fetch" => "clone"/);
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
  expect(await gitlab.look("/projects/infra%2Fdatahook/protected_branches/main")).toMatchObject({
    push_access_levels: [{ access_level: 40 }],
  });
  expect(await aptly.raw("GET", "/publish")).toMatchObject([
    { Distribution: "bookworm" },
    { Distribution: "trixie" },
  ]);
  expect((await stack.refresh()).steps).toEqual({});
});

async function changeByHand({ gitlab, aptly }: Scene["servers"]): Promise<void> {
  await gitlab.call("PUT", "/projects/infra%2Fdatahook", { build_git_strategy: "fetch" });
  await gitlab.call("PUT", "/groups/infra/variables/APT_URL", { value: "https://elsewhere" });
  const commit = { branch: "main", content: "job: {}", commit_message: "By hand" };
  await gitlab.call("PUT", file, commit);
  await gitlab.call("PUT", pipelineOf("datahook"), commit);
  const branches = "/projects/infra%2Fdatahook/protected_branches";
  await gitlab.call("DELETE", `${branches}/main`);
  const nobody = { name: "main", push_access_level: 0, merge_access_level: 0 };
  await gitlab.call("POST", branches, nobody);
  await gitlab.call("DELETE", "/projects/infra%2Fying/protected_branches/main");
  await aptly.raw("DELETE", "/publish/trunk/trixie");
}
