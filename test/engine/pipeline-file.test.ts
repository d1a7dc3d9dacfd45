import * as gitlab from "@pulumi/gitlab";
import { expect, test } from "vitest";
import { sceneForTest } from "./scene.ts";

const valid = "compile:\n  script: make\n";

test("a preview fails with the linter's words when a pipeline is invalid, and nothing is committed", async () => {
  let content = valid;
  const program = async () => declareProject(content);
  const { servers, stack } = await sceneForTest({ program });
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);

  content = "compile:\n  needs: [fetch]\n  script: make\n";
  const { requests } = servers.gitlab.sandbox;
  requests.reset();
  for (const refused of [await stack.preview(), await stack.up()]) {
    expect(refused.succeeded).toBe(false);
    expect(refused.text.replace(/\s+/g, " ")).toContain(
      "GitLab refuses this CI configuration: compile job: undefined need: fetch",
    );
    expect(refused.text).not.toContain("script: make");
    expect(refused.text).not.toMatch(/^\s+at .*:\d+/m);
  }
  expect(requests.count("PUT /projects/:id/repository/files/:file_path")).toBe(0);
  const file = "/projects/root%2Fying/repository/files/.gitlab-ci.yml?ref=main";
  const committed = await servers.gitlab.look<{ content: string }>(file);
  expect(Buffer.from(committed?.content ?? "", "base64").toString()).toBe(valid);
});

test("an invalid pipeline of a new project is refused before its commit", async () => {
  const program = async () => declareProject("compile: {}\n");
  const { servers, stack } = await sceneForTest({ program });
  const refused = await stack.up();
  expect(refused.succeeded).toBe(false);
  expect(refused.text).toContain("compile config should implement the script:");
  const tree = "/projects/root%2Fying/repository/tree";
  expect((await servers.gitlab.look(tree)) ?? []).toEqual([]);
});

/** A project with this `.gitlab-ci.yml`. */
function declareProject(content: string): void {
  const project = new gitlab.Project("ying", { name: "ying", path: "ying" });
  new gitlab.RepositoryFile("pipeline", {
    project: project.id,
    branch: "main",
    filePath: ".gitlab-ci.yml",
    encoding: "text",
    content,
  });
}
