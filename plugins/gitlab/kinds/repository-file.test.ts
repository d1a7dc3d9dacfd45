import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { type Stored, unknownValue } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/repositoryFile:RepositoryFile";
const file = "/projects/:id/repository/files/:file_path";

function urlOf(id: string): string {
  const [project, branch, ...path] = id.split(":");
  const name = encodeURIComponent(path.join(":"));
  return `/projects/${project}/repository/files/${name}?ref=${branch}`;
}

async function removeByHand(scene: GitLabScene, id: string): Promise<void> {
  const [url = ""] = urlOf(id).split("?");
  await scene.call("DELETE", url, { branch: "main", commit_message: "Remove" });
}

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/projects", { name: "ying" });
    return {
      engine: scene.engine,
      inputs: {
        project: String(id),
        branch: "main",
        filePath: "debian/rules",
        content: "#!/usr/bin/make -f\n%:\n\tdh $@ # äöü\n",
        encoding: "text",
        executeFilemode: true,
        commitMessage: "Package it",
      },
      update: {
        inputs: { content: "#!/usr/bin/make -f\n" },
        seen: {
          content: Buffer.from("#!/usr/bin/make -f\n").toString("base64"),
          execute_filemode: true,
        },
      },
      replace: { filePath: "debian/control" },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => removeByHand(scene, id),
      failAfterFirstWrite: () =>
        scene.sandbox.faults.next({ method: "GET", path: file, reply: { status: 403 } }),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a file of a repository", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/projects", {
      name: "datahook",
      initialize_with_readme: true,
    });
    project = String(id);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const inputsOf = (filePath: string, more: Values = {}) => ({
    project,
    branch: "main",
    filePath,
    content: "ours\n",
    encoding: "text",
    ...more,
  });
  const create = (filePath: string, more: Values = {}) =>
    scene.engine.create(token, "example", inputsOf(filePath, more));
  const messages = async () => {
    const commits = await scene.look<{ message: string }[]>(
      `/projects/${project}/repository/commits?per_page=100`,
    );
    return commits?.map(({ message }) => message) ?? [];
  };

  it("is committed with its message, each kind of commit with its own", async () => {
    const stored = await create("messages", { commitMessage: "m", createCommitMessage: "c" });
    const changed = { commitMessage: "m", content: "new\n" };
    const { stored: after } = await scene.engine.up(stored, inputsOf("messages", changed));
    await scene.engine.delete(after);
    expect((await messages()).slice(0, 3)).toEqual(["[DELETE]: m", "m", "c"]);
    await scene.engine.delete(await create("plain"));
    expect((await messages()).slice(0, 2)).toEqual(["Delete plain", "Create plain"]);
  });

  it("is not committed when its content is there already", async () => {
    const stored = await create("calm");
    const before = await messages();
    await scene.engine.update(stored, inputsOf("calm", { commitMessage: "again" }));
    expect(await messages()).toEqual(before);
  });

  it("that was changed by hand is put back once a refresh has seen it", async () => {
    const stored = await create("drift");
    await changeByHand("drift");
    const engine = await scene.connect();
    const refreshed = (await engine.refresh(stored)) as Stored;
    expect(refreshed.state.content).toBe("theirs\n");
    expect((await engine.up(refreshed, inputsOf("drift"))).step).toBe("update");
    expect(await contentOf("drift")).toBe("ours\n");
  });

  it("that was changed by hand unseen is not overwritten", async () => {
    const stored = await create("conflict");
    await changeByHand("conflict");
    await expect(
      scene.engine.update(stored, inputsOf("conflict", { content: "new\n" })),
    ).rejects.toThrow(/has changed since you started editing it\. .*run pulumi refresh/);
    expect(await contentOf("conflict")).toBe("theirs\n");
  });

  it("is no conflict when the change is there already, as after an answer that got lost", async () => {
    const stored = await create("landed");
    const before = await scene.look(urlOf(stored.id));
    await changeByHand("landed");
    scene.sandbox.faults.next({ method: "GET", path: file, reply: { status: 200, body: before } });
    const update = scene.engine.update(stored, inputsOf("landed", { content: "theirs\n" }));
    await expect(update).resolves.toMatchObject({ state: { content: "theirs\n" } });
  });

  it("that was removed by hand unseen is created again by an update", async () => {
    const stored = await create("removed");
    await removeByHand(scene, stored.id);
    await scene.engine.update(stored, inputsOf("removed", { content: "new\n" }));
    expect(await contentOf("removed")).toBe("new\n");
  });

  it("shows no change when only other files were committed", async () => {
    const stored = await create("still");
    await create("moving");
    expect(await (await scene.connect()).refresh(stored)).toEqual(stored);
  });

  it("is tried again when another commit came between", async () => {
    const message = "Could not update refs/heads/main. Please refresh and try again.";
    const reply = { status: 400, body: { message } };
    scene.sandbox.faults.next({ method: "POST", path: file, times: 3, reply });
    await expect(create("raced")).resolves.toBeDefined();
  });

  it("is written one after another with its siblings", async () => {
    scene.sandbox.requests.reset();
    const names = Array.from({ length: 8 }, (_, index) => `sibling-${index}`);
    await Promise.all(names.map((name) => create(name)));
    expect(scene.sandbox.requests.count(`POST ${file}`)).toBe(8);
  });

  it("that is there already is told with the command that imports it", async () => {
    await create("busy");
    const message = `RepositoryFile "example": filePath "busy" is there already. To manage it here, run: pulumi import ${token} example ${project}:main:busy --stack dev --generate-code=false --yes`;
    await expect(create("busy", { content: "other\n" })).rejects.toThrow(message);
    await create("busy", { content: "other\n", overwriteOnCreate: true });
    expect(await contentOf("busy")).toBe("other\n");
  });

  it("may start its branch", async () => {
    const stored = await create("branched", { branch: "next", startBranch: "main" });
    expect(stored).toMatchObject({ id: `${project}:next:branched`, state: { ref: "next" } });
  });

  it("can be imported, bytes that are no text as base64", async () => {
    const content = Buffer.from([0xff, 0xfe, 0x00]).toString("base64");
    const stored = await create("odd:name.bin", { content, encoding: "base64" });
    expect(await scene.engine.preview(stored, stored.inputs)).toMatchObject({ step: "same" });
    const imported = await scene.engine.import(token, "bytes", `${project}:main:odd:name.bin`);
    expect(imported?.state).toMatchObject({
      content,
      encoding: "base64",
      filePath: "odd:name.bin",
    });
  });

  it.each([
    ["content that is not base64", { content: "Hello, world!", encoding: "base64" }, "content"],
    ["a path from the root", { filePath: "/etc/passwd" }, "filePath"],
    ["a path that climbs", { filePath: "a/../../b" }, "filePath"],
    ["a path of a folder", { filePath: "a/" }, "filePath"],
  ])("is refused in preview: %s", async (_, more, property) => {
    const check = scene.engine.check(token, "bad", { ...inputsOf("bad"), ...more });
    await expect(check).rejects.toMatchObject({ properties: [property] });
  });

  async function changeByHand(name: string): Promise<void> {
    const body = { branch: "main", content: "theirs\n", commit_message: "By hand" };
    await scene.call("PUT", `/projects/${project}/repository/files/${name}`, body);
  }

  async function contentOf(name: string): Promise<string> {
    const row = await scene.look(urlOf(`${project}:main:${name}`));
    return Buffer.from(String(row?.content), "base64").toString("utf8");
  }
});

describe("a pipeline's file", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = String((await scene.call("POST", "/projects", { name: "ying" })).id);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const valid = "build:\n  script: make package\n";
  const invalid = "build:\n  stage: nowhere\n  script: make package\n";
  const refusal = /chosen stage nowhere does not exist/;
  const inputsOf = (content: string, more: Values = {}) => ({
    project,
    branch: "main",
    filePath: ".gitlab-ci.yml",
    content,
    encoding: "text",
    ...more,
  });
  const lints = () => scene.sandbox.requests.count("POST /projects/:id/ci/lint");

  it("that is invalid fails in preview with the linter's words, and nothing is committed", async () => {
    const check = scene.engine.check(token, "ci", inputsOf(invalid));
    await expect(check).rejects.toMatchObject({ properties: ["content"] });
    await expect(check).rejects.toThrow(refusal);
    expect(await scene.look(`/projects/${project}`)).toMatchObject({ empty_repo: true });
  });

  it("is linted as text when it comes as base64", async () => {
    const content = Buffer.from(invalid).toString("base64");
    const check = scene.engine.check(token, "ci", inputsOf(content, { encoding: "base64" }));
    await expect(check).rejects.toThrow(refusal);
  });

  it("is linted in one call for its check and its commit, and again only when it changes", async () => {
    scene.sandbox.requests.reset();
    const stored = await scene.engine.create(token, "ci", inputsOf(valid));
    expect(lints()).toBe(1);
    // Only to see that the repository is empty: its branch is not there yet.
    expect(scene.sandbox.requests.count("GET /projects/:id")).toBe(1);
    const engine = await scene.connect();
    await engine.preview(stored, inputsOf(valid));
    expect(lints()).toBe(1);
    await expect(engine.preview(stored, inputsOf(invalid))).rejects.toThrow(refusal);
  });

  it("of a project that is not known yet is linted before the commit", async () => {
    const { id } = await scene.call("POST", "/projects", { name: "later" });
    const inputs = inputsOf(invalid, { project: unknownValue });
    await expect(scene.engine.check(token, "ci", inputs)).resolves.toBeDefined();
    const reply = { status: 404, body: { message: "404 Project Not Found" } };
    scene.sandbox.faults.next({ method: "POST", path: "/projects/:id/ci/lint", reply });
    const engine = await scene.connect();
    const creation = engine.create(token, "ci", inputsOf(invalid, { project: String(id) }));
    await expect(creation).rejects.toThrow(
      /^RepositoryFile "ci": content is no valid CI config.*nowhere/,
    );
    expect(await scene.look(`/projects/${id}`)).toMatchObject({ empty_repo: true });
  });

  it("is committed where the token may not lint, and the user is told", async () => {
    const reply = { status: 403, body: { message: "403 Forbidden" } };
    const path = "/projects/:id/ci/lint";
    scene.sandbox.faults.next({ method: "POST", path, times: 9, reply });
    const place = { filePath: "ci/lenient.gitlab-ci.yml" };
    await scene.engine.check(token, "ci", inputsOf(invalid, place));
    expect(scene.engine.told).toContainEqual(expect.stringContaining("was not linted"));
    await expect(scene.engine.create(token, "ci", inputsOf(invalid, place))).resolves.toBeDefined();
    scene.sandbox.faults.clear();
  });

  it("is linted whatever it is called before the ending, other YAML is not", async () => {
    const named = inputsOf(invalid, { filePath: "ci/deb.gitlab-ci.yml" });
    await expect(scene.engine.check(token, "ci", named)).rejects.toThrow(refusal);
    const other = inputsOf(invalid, { filePath: "ci/deb.yml" });
    await expect(scene.engine.check(token, "ci", other)).resolves.toBeDefined();
  });
});
