import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { secret } from "../../../test/support/mini-engine.ts";

const token = "gitlab:index/groupVariable:GroupVariable";

const urlOf = (id: string) => {
  const [group = "", key] = id.split(":");
  return `/groups/${encodeURIComponent(group)}/variables/${key}`;
};

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const { id } = await scene.call("POST", "/groups", { name: "platform", path: "platform" });
    await scene.call("POST", "/groups", { name: "infra", path: "infra", parent_id: id });
    return {
      engine: scene.engine,
      inputs: { group: "platform/infra", key: "APTLY_PASSWORD", value: "hush-hush", masked: true },
      update: {
        inputs: { value: "hush-hush-2", variableType: "file", description: "Uploads" },
        seen: { value: "hush-hush-2", variable_type: "file", description: "Uploads" },
      },
      replace: { key: "APTLY_SECRET" },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => scene.call("DELETE", urlOf(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a group's variable", () => {
  let scene: GitLabScene;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    await scene.call("POST", "/groups", { name: "infra", path: "infra" });
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it("has the group in its id as the program wrote it, and is secret when masked", async () => {
    const inputs = { group: "infra", key: "MASKED", value: "hush-hush", masked: true };
    const stored = await scene.engine.create(token, "masked", inputs);
    expect(stored).toMatchObject({ id: "infra:MASKED:*", state: { value: secret("hush-hush") } });
  });

  it("may not have a scope where GitLab would forget it", async () => {
    const inputs = { group: "infra", key: "SCOPED", value: "a", environmentScope: "prod" };
    await expect(scene.engine.check(token, "scoped", inputs)).rejects.toMatchObject({
      properties: ["environmentScope"],
    });
  });

  it("with a name in use fails with the command that imports it", async () => {
    const inputs = { group: "infra", key: "BUSY", value: "a" };
    await scene.engine.create(token, "busy", inputs);
    await expect(scene.engine.create(token, "busy", { ...inputs, value: "b" })).rejects.toThrow(
      /key "BUSY" is there already.* pulumi import .* 'infra:BUSY:\*'/,
    );
  });
});
