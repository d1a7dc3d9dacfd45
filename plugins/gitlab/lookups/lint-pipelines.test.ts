import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import type { MiniEngine } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/lintPipelines:lintPipelines";
const file = "gitlab:index/repositoryFile:RepositoryFile";
const shell = ".make:\n  before_script: [set -e]\n";
const valid = `${shell}build:\n  extends: .make\n  script: make\n`;
const invalid = `${shell}build:\n  extends: .made\n  script: make\n`;
const including = `include:
  - local: .gitlab/package.yml
    rules: [{exists: [.gitlab/package.yml]}]
  - {project: infra/ci, file: package-v1.yml, ref: main}
build: {extends: .make, script: make}
`;

let scene: GitLabScene;
let engine: MiniEngine;
let group: number;
beforeEach(async () => {
  scene = await GitLabScene.start();
  engine = scene.engine;
  group = Number((await scene.call("POST", "/groups", { name: "Infra", path: "infra" })).id);
});
afterEach(() => scene?.stop());

const add = (path: string) =>
  scene.call("POST", "/projects", { name: path, path, namespace_id: group });

const commit = (project: string, path: string, content: string) =>
  scene.call(
    "POST",
    `/projects/${encodeURIComponent(project)}/repository/files/${encodeURIComponent(path)}`,
    { branch: "main", content, commit_message: "add" },
  );

function lint(changes: Values = {}) {
  return engine.invoke(token, {
    project: "infra/ci",
    file: "package-v1.yml",
    branch: "main",
    tag: "package-v1-abc",
    content: shell,
    refs: [],
    pipelines: [{ projects: ["infra/ying"], content: valid }],
    ...changes,
  });
}

const lintRoute = "POST /projects/:id/ci/lint";

describe("a shell that is about to be committed", () => {
  it("is linted once for each shape of pipeline, before its project exists", async () => {
    await add("ying");
    const pipelines = [
      { projects: ["infra/new", "infra/ying"], content: valid },
      { projects: ["infra/other"], content: invalid },
    ];
    const { failures, unlinted } = await lint({ pipelines });
    expect(failures).toEqual([
      expect.stringMatching(
        /^GitLab refuses the pipeline of infra\/ying with the new shell: .*made/,
      ),
    ]);
    expect(unlinted).toBe("");
    expect(scene.sandbox.requests.count(lintRoute)).toBe(2);
  });

  it("is not linted when it is there already", async () => {
    await add("ying");
    await add("ci");
    await commit("infra/ci", "package-v1.yml", shell);
    const pipelines = [{ projects: ["infra/ying"], content: invalid }];
    expect(await lint({ pipelines })).toMatchObject({ failures: [], unlinted: "" });
    expect(scene.sandbox.requests.count(lintRoute)).toBe(0);
  });

  it("says that there is no project to lint in", async () => {
    expect(await lint()).toMatchObject({ unlinted: "there is no project yet to lint in" });
  });

  it("says that the token may not lint", async () => {
    await add("ying");
    scene.sandbox.faults.next({ path: "/projects/:id/ci/lint", reply: { status: 403 } });
    expect(await lint()).toMatchObject({ unlinted: "the token may not lint in infra/ying" });
  });
});

it("tells which states of the template are not there", async () => {
  await add("ci");
  await commit("infra/ci", "package-v1.yml", shell);
  expect(await lint({ refs: ["main", "package-v1-gone"] })).toMatchObject({
    missingRefs: ["package-v1-gone"],
  });
});

describe("a pipeline that includes the shell", () => {
  const inputs = {
    project: "infra/ying",
    branch: "main",
    filePath: ".gitlab-ci.yml",
    encoding: "text",
    content: including,
  };

  it("is linted with it in it, before the template project exists", async () => {
    await add("ying");
    await lint();
    await engine.check(file, "ying", inputs);
    const broken = including.replace("extends: .make", "extends: .made");
    await expect(engine.check(file, "ying", { ...inputs, content: broken })).rejects.toMatchObject({
      properties: ["content"],
    });
  });

  it.each([
    ["a job of it", "build: {allow_failure: true}\n", '"build"'],
    ["a hidden job of the shell", ".make: {before_script: [true]}\n", '".make"'],
    ["a global keyword", "stages: [one]\ndefault: {retry: 2}\n", '"stages", "default"'],
  ])("is refused where the package's own file names %s", async (_case, own, named) => {
    await add("ying");
    await commit("infra/ying", ".gitlab/package.yml", own);
    await lint();
    const check = engine.check(file, "ying", inputs);
    await expect(check).rejects.toThrow(
      `.gitlab/package.yml of infra/ying names ${named}, which the pipeline has itself`,
    );
  });

  it("passes with jobs of the package's own", async () => {
    await add("ying");
    await commit("infra/ying", ".gitlab/package.yml", "docs: {script: make docs}\n");
    await lint();
    await engine.check(file, "ying", inputs);
  });
});
