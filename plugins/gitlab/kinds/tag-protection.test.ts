import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { GitLab } from "../client.ts";
import { tagProtection } from "./tag-protection.ts";

const token = "gitlab:index/tagProtection:TagProtection";

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    const url = (id: string) => `/projects/${project}/protected_tags/${id.split(":")[1]}`;
    return {
      engine: scene.engine,
      inputs: { project, tag: "v*" },
      update: {
        inputs: { createAccessLevel: "no one" },
        seen: { create_access_levels: [{ access_level: 0 }] },
      },
      replace: { tag: "w*" },
      look: (id) => scene.look(url(id)),
      removeByHand: (id) => scene.call("DELETE", url(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a tag protection", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = `${await addProject(scene, "datahook")}`;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it("lets maintainers create such tags unless told otherwise", async () => {
    const stored = await scene.engine.create(token, "v", { project: "root/datahook", tag: "v*" });
    expect(stored).toMatchObject({
      id: "root/datahook:v*",
      state: { createAccessLevel: "maintainer" },
    });
    expect(await scene.look(`/projects/${project}/protected_tags/v*`)).toMatchObject({
      create_access_levels: [{ access_level: 40 }],
    });
  });

  it("that was changed by hand is put back", async () => {
    const inputs = { project, tag: "drift", createAccessLevel: "no one" };
    const stored = await scene.engine.create(token, "drift", inputs);
    const url = `/projects/${project}/protected_tags`;
    await scene.call("DELETE", `${url}/drift`);
    await scene.call("POST", url, { name: "drift", create_access_level: 30 });
    const refreshed = await scene.engine.refresh(stored);
    expect(refreshed?.state.createAccessLevel).toBe("developer");
    if (!refreshed) throw new Error("gone");
    expect((await scene.engine.up(refreshed, inputs)).step).toBe("update");
    expect(await scene.look(`${url}/drift`)).toMatchObject({
      create_access_levels: [{ access_level: 0 }],
    });
  });

  it("that is there already fails with the command that imports it", async () => {
    await scene.call("POST", `/projects/${project}/protected_tags`, { name: "release-*" });
    const wanted = { project, tag: "release-*", createAccessLevel: "no one" };
    const create = scene.engine.create(token, "twice", wanted);
    await expect(create).rejects.toThrow(
      `tag "release-*" is there already. To manage it here, run: pulumi import ${token} twice '${project}:release-*' --stack dev --generate-code=false --yes`,
    );
  });

  it("takes grants only from a server that has them", async () => {
    const given = { project, tag: "x", allowedToCreates: [{ userId: 1 }] };
    const check = scene.engine.check(token, "paid", given);
    await expect(check).rejects.toMatchObject({ properties: ["allowedToCreates"] });
  });

  it("has its role apart from its grants on a paid tier", async () => {
    const answers: Record<string, unknown> = {
      "/api/v4/metadata": { enterprise: true },
      "/api/v4/projects/1/protected_tags": [
        {
          name: "v*",
          create_access_levels: [
            { id: 1, access_level: 30 },
            { id: 2, user_id: 12 },
          ],
        },
      ],
    };
    const enterprise = new GitLab({
      baseUrl: "http://gitlab.example/api/v4/",
      token: "glpat-test",
      fetch: async (input) => Response.json(answers[new URL(new Request(input).url).pathname]),
    });
    expect(await tagProtection.read("1:v*", enterprise, {})).toMatchObject({
      state: { createAccessLevel: "developer", allowedToCreates: [{ userId: 12 }] },
    });
  });
});
