import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";

const token = "gitlab:index/projectTag:ProjectTag";

async function commit(scene: GitLabScene, project: string, file: string, content: string) {
  const url = `/projects/${project}/repository/files/${file}`;
  const method = (await scene.look(`${url}?ref=main`)) ? "PUT" : "POST";
  await scene.call(method, url, { branch: "main", content, commit_message: "change" });
}

async function start() {
  const scene = await GitLabScene.start();
  const project = `${await addProject(scene, "datahook")}`;
  await commit(scene, project, "a.yml", "one");
  return { scene, project };
}

describeLifecycle({
  token,
  async start() {
    const { scene, project } = await start();
    const url = (id: string) => `/projects/${project}/repository/tags/${id.split(":")[1]}`;
    return {
      engine: scene.engine,
      inputs: { project, name: "v1", ref: "main" },
      replace: { message: "annotated" },
      untold: ["ref"],
      look: (id) => scene.look(url(id)),
      removeByHand: (id) => scene.call("DELETE", url(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a tag that is there already", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    ({ scene, project } = await start());
    await scene.call("POST", `/projects/${project}/repository/tags`, {
      tag_name: "v1",
      ref: "main",
    });
  });
  afterAll(() => scene?.stop());

  it("is taken over while the files are the same, whatever was committed in between", async () => {
    await commit(scene, project, "a.yml", "two");
    await commit(scene, project, "a.yml", "one");
    const stored = await scene.engine.create(token, "v1", { project, name: "v1", ref: "main" });
    expect(stored).toMatchObject({ id: `${project}:v1`, state: { protected: false } });
  });

  it("is refused when it has other files, with the command that imports it", async () => {
    await commit(scene, project, "a.yml", "three");
    const create = scene.engine.create(token, "v1", { project, name: "v1", ref: "main" });
    await expect(create).rejects.toThrow(
      `name "v1" is there already. To manage it here, run: pulumi import ${token} v1 ${project}:v1 --stack dev --generate-code=false --yes`,
    );
  });
});

describe("a tag that names the content of the shell", () => {
  const shell = ".make: {before_script: [set -e]}\n";
  const name = `package-v1-${createHash("sha256").update(shell).digest("hex").slice(0, 16)}`;
  let scene: GitLabScene;
  let project: string;
  const create = () => scene.engine.create(token, name, { project, name, ref: "main" });
  const moved = `Tag "${name}" of root/datahook was moved by hand: the file has another content there than the name says. Delete it in GitLab, then run pulumi up, which makes it anew.`;
  beforeAll(async () => {
    ({ scene, project } = await start());
    await commit(scene, project, "package-v1.yml", shell);
  });
  afterAll(() => scene?.stop());

  it("is taken over beside files that came later, and refused by a refresh once it was moved", async () => {
    const tags = `/projects/${project}/repository/tags`;
    await scene.call("POST", tags, { tag_name: name, ref: "main" });
    await commit(scene, project, "README.md", "later");
    const stored = await create();
    expect((await scene.engine.refresh(stored))?.id).toBe(`${project}:${name}`);

    await commit(scene, project, "package-v1.yml", "# others\n");
    await scene.call("DELETE", `${tags}/${name}`);
    await scene.call("POST", tags, { tag_name: name, ref: "main" });
    await expect(scene.engine.refresh(stored)).rejects.toThrow(moved);
    await expect(create()).rejects.toThrow(`ProjectTag "${name}": ${moved}`);
  });
});
