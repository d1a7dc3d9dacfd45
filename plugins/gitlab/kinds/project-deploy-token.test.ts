import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { secret } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/projectDeployToken:ProjectDeployToken";

const urlOf = (id: string) => `/projects/${id.replace(":", "/deploy_tokens/")}`;

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    return {
      engine: scene.engine,
      inputs: { project, name: "reader", scopes: ["read_repository", "read_registry"] },
      replace: { scopes: ["read_registry"] },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => scene.call("DELETE", urlOf(id)),
      stop: () => scene.stop(),
    };
  },
});

describe("a deploy token", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = `${await addProject(scene, "datahook")}`;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const inputs = (more: Values = {}) => ({ project, scopes: ["read_repository"], ...more });

  it("is secret, also after a refresh, and has the user name that GitLab gives it", async () => {
    const stored = await scene.engine.create(token, "reader", inputs());
    const number = stored.id.split(":")[1];
    expect(stored.state).toMatchObject({
      token: secret(expect.stringMatching(/^gldt-/)),
      username: `gitlab+deploy-token-${number}`,
      name: expect.stringMatching(/^reader-[0-9a-f]{7}$/),
      expired: false,
    });
    expect(await scene.engine.refresh(stored)).toEqual(stored);
  });

  it("shows neither the order of its scopes nor another spelling of its end as a difference", async () => {
    const given = {
      scopes: ["read_repository", "read_registry"],
      expiresAt: "2099-01-31T00:00:00Z",
    };
    const stored = await scene.engine.create(token, "order", inputs(given));
    const preview = (more: Values) => scene.engine.preview(stored, inputs({ ...given, ...more }));
    const scopes = ["read_registry", "read_repository"];
    expect((await preview({ scopes })).step).toBe("same");
    expect((await preview({ expiresAt: "2099-01-31T01:00:00+01:00" })).step).toBe("same");
    expect((await preview({ expiresAt: "2099-02-01T00:00:00Z" })).step).toBe("replace");
  });

  it("is refused once past its end only where that is asked for", async () => {
    const past = inputs({ expiresAt: "2020-01-01T00:00:00Z" });
    const check = scene.engine.check(token, "past", { ...past, validatePastExpirationDate: true });
    await expect(check).rejects.toMatchObject({ properties: ["expiresAt"] });
    const stored = await scene.engine.create(token, "past", past);
    expect((await scene.engine.refresh(stored))?.state.expired).toBe(true);
  });

  it("does not change when only its validation is asked for", async () => {
    const stored = await scene.engine.create(token, "validated", inputs());
    const asked = inputs({ validatePastExpirationDate: true });
    expect((await scene.engine.preview(stored, asked)).step).toBe("same");
  });

  it("that somebody revoked is made anew", async () => {
    const stored = await scene.engine.create(token, "revoked", inputs());
    const { deployTokens } = scene.sandbox.store;
    deployTokens.update(deployTokens.require(Number(stored.id.split(":")[1])), { revoked: true });
    expect(await (await scene.connect()).refresh(stored)).toBeUndefined();
  });

  it.each([
    ["a scope that is none", { scopes: ["api"] }, ["scopes.0"]],
    ["no scope", { scopes: [] }, ["scopes"]],
    ["a day in place of a time", { expiresAt: "2099-01-31" }, ["expiresAt"]],
  ])("is refused before any call for %s", async (_case, given, properties) => {
    const check = scene.engine.check(token, "bad", inputs(given));
    await expect(check).rejects.toMatchObject({ properties });
  });

  it("whose answer was lost is told, and again when another like it is made", async () => {
    scene.sandbox.faults.next({ method: "POST", reply: "drop" });
    const wanted = inputs({ name: "lost" });
    await expect(scene.engine.create(token, "lost", wanted)).rejects.toThrow(
      /POST \/projects\/\d+\/deploy_tokens got no answer: .* revoke it there if it is in the list/,
    );
    await scene.engine.create(token, "lost", wanted);
    expect(scene.engine.told).toContainEqual(
      expect.stringMatching(/has a token "lost" like the new one already, \d+\. .* revoke it/),
    );
  });

  it("that a developer may not make, says which right is missing", async () => {
    const { token: developer } = await addMember(scene, "dev", Number(project), 30);
    const engine = await scene.connect({ token: developer });
    await expect(engine.create(token, "denied", inputs())).rejects.toThrow(
      `gitlab: POST /projects/${project}/deploy_tokens answered 403: 403 Forbidden. The token needs the api scope, and its user the Maintainer role`,
    );
  });

  it("is not looked for under an id without its number", async () => {
    await expect(scene.engine.import(token, "bad", "datahook:reader")).rejects.toThrow(
      'id "datahook:reader" has "reader" where a number belongs',
    );
  });
});
