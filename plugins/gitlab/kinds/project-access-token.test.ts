import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import { type Stored, secret } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";
import { toDay } from "../expiry.ts";

const token = "gitlab:index/projectAccessToken:ProjectAccessToken";

const rotateRoute = "POST /projects/:id/access_tokens/:token_id/rotate";
const rotationConfiguration = { expirationDays: 30, rotateBeforeDays: 7 };

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    /** The token at work, whatever its number: that of the id is only the first one's. */
    const look = async (id: string) => {
      const first = await scene.look(`/projects/${id.replace(":", "/access_tokens/")}`);
      const rows = await scene.call<Values[]>("GET", `/projects/${project}/access_tokens`);
      return rows.find((row) => row.user_id === first?.user_id && row.active === true);
    };
    return {
      engine: scene.engine,
      inputs: { project, name: "bot", scopes: ["api"], expiresAt: toDay(100) },
      update: { inputs: { expiresAt: toDay(101) }, seen: { expires_at: toDay(101) } },
      replace: { accessLevel: "developer" },
      look,
      removeByHand: (id) => scene.call("DELETE", `/projects/${id.replace(":", "/access_tokens/")}`),
      stop: () => scene.stop(),
    };
  },
});

describe("an access token", () => {
  let scene: GitLabScene;
  let project: string;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    scene = await GitLabScene.start();
    project = `${await addProject(scene, "datahook")}`;
  });
  beforeEach(() => {
    vi.setSystemTime("2027-03-01T12:00:00Z");
    scene.sandbox.requests.reset();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await scene?.stop();
  });

  const inputs = (more: Values = {}) => ({ project, scopes: ["read_api"], ...more });
  const rotations = () => scene.sandbox.requests.count(rotateRoute);
  const rows = () => scene.call<Values[]>("GET", `/projects/${project}/access_tokens`);
  const rotateByHand = ({ id }: Stored) =>
    scene.call<{ token: string }>(
      "POST",
      `/projects/${id.replace(":", "/access_tokens/")}/rotate`,
      { expires_at: "2027-06-01" },
    );

  it("is secret, also after a refresh", async () => {
    const stored = await scene.engine.create(token, "bot", inputs({ expiresAt: "2027-05-01" }));
    expect(stored.state).toMatchObject({
      token: secret(expect.stringMatching(/^glpat-/)),
      tokenId: Number(stored.id.split(":")[1]),
      name: expect.stringMatching(/^bot-[0-9a-f]{7}$/),
      accessLevel: "maintainer",
      expiresAt: "2027-05-01",
      active: true,
    });
    expect(await scene.engine.refresh(stored)).toEqual(stored);
  });

  it("is rotated in place for another end, and keeps the id of the first", async () => {
    const stored = await scene.engine.create(token, "end", inputs({ expiresAt: "2027-05-01" }));
    const wanted = inputs({ expiresAt: "2027-06-01" });
    const { step, stored: after } = await scene.engine.up(stored, wanted);
    expect({ step, id: after.id }).toEqual({ step: "update", id: stored.id });
    expect(after.state.token).not.toEqual(stored.state.token);
    expect(after.state.tokenId).not.toBe(stored.state.tokenId);
    expect(after.state.expiresAt).toBe("2027-06-01");
    expect(await scene.engine.refresh(after)).toEqual(after);
    await scene.engine.delete(after);
    expect((await rows()).filter((row) => row.id === after.state.tokenId)).toEqual([]);
  });

  it("lives as long as its rotation says, and is left alone until that is near", async () => {
    const wanted = inputs({ rotationConfiguration });
    const stored = await scene.engine.create(token, "fresh", wanted);
    expect(stored.state.expiresAt).toBe("2027-03-31");
    vi.setSystemTime("2027-03-23T23:59:59Z");
    expect(await scene.engine.preview(stored, wanted)).toEqual({ step: "same", changed: [] });
    await scene.engine.update(stored, wanted);
    expect(rotations()).toBe(0);
  });

  it("is rotated by the first update within the days before its end", async () => {
    const wanted = inputs({ rotationConfiguration });
    const stored = await scene.engine.create(token, "due", wanted);
    vi.setSystemTime("2027-03-24T00:00:01Z");
    expect(await scene.engine.preview(stored, wanted)).toEqual({
      step: "update",
      changed: ["rotationConfiguration"],
    });
    const { stored: after } = await scene.engine.up(stored, wanted);
    expect(after.id).toBe(stored.id);
    expect(after.state.expiresAt).toBe("2027-04-23");
    expect(await scene.engine.preview(after, wanted)).toEqual({ step: "same", changed: [] });
    expect(rotations()).toBe(1);
  });

  it("is made anew when no update came in time", async () => {
    const wanted = inputs({ rotationConfiguration });
    const stored = await scene.engine.create(token, "late", wanted);
    vi.setSystemTime("2027-03-31T00:00:01Z");
    expect((await scene.engine.preview(stored, wanted)).step).toBe("replace");
  });

  it("is rotated for another length of life, but not for another margin", async () => {
    const stored = await scene.engine.create(token, "length", inputs({ rotationConfiguration }));
    const margin = { expirationDays: 30, rotateBeforeDays: 3 };
    const { stored: same } = await scene.engine.up(
      stored,
      inputs({ rotationConfiguration: margin }),
    );
    expect(rotations()).toBe(0);
    const length = { expirationDays: 60, rotateBeforeDays: 3 };
    const { stored: after } = await scene.engine.up(
      same,
      inputs({ rotationConfiguration: length }),
    );
    expect(after.state.expiresAt).toBe("2027-04-30");
  });

  it("that somebody rotated is rotated once more, so that its secret is known again", async () => {
    const wanted = inputs({ expiresAt: "2027-06-01" });
    const stored = await scene.engine.create(token, "byhand", wanted);
    await rotateByHand(stored);
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    const { step, stored: after } = await engine.up(refreshed, wanted);
    expect(step).toBe("update");
    expect(after.state).toMatchObject({ active: true, revoked: false });
    expect(after.state.token).not.toEqual(stored.state.token);
    expect(await engine.preview(after, wanted)).toEqual({ step: "same", changed: [] });
  });

  it("that somebody revoked is gone, and an update without refresh says so", async () => {
    const stored = await scene.engine.create(token, "revoked", inputs({ expiresAt: "2027-06-01" }));
    const { accessTokens } = scene.sandbox.store;
    accessTokens.update(accessTokens.require(Number(stored.state.tokenId)), { revoked: true });
    const engine = await scene.connect();
    await expect(engine.update(stored, inputs({ expiresAt: "2027-07-01" }))).rejects.toThrow(
      /is revoked or gone, so it cannot be rotated\. Run pulumi refresh/,
    );
    expect(await engine.refresh(stored)).toBeUndefined();
    expect(rotations()).toBe(0);
  });

  it("is not rotated again when somebody just did, which would revoke every token of its user", async () => {
    const stored = await scene.engine.create(token, "raced", inputs({ expiresAt: "2027-05-01" }));
    const read = await scene.engine.refresh(stored);
    await rotateByHand(stored);
    const update = scene.engine.update(read ?? stored, inputs({ expiresAt: "2027-06-01" }));
    await expect(update).rejects.toThrow(/is revoked or gone, so it cannot be rotated/);
    expect(rotations()).toBe(1);
  });

  it("from the official provider's state, which has no present number, is followed", async () => {
    const wanted = inputs({ expiresAt: "2027-06-01" });
    const stored = await scene.engine.create(token, "official", wanted);
    const { token: present } = await rotateByHand(stored);
    const { tokenId: _, ...state } = stored.state;
    const official = { ...stored, state: { ...state, token: secret(present) } };
    const engine = await scene.connect();
    const refreshed = await engine.refresh(official);
    if (!refreshed) throw new Error("gone");
    expect(refreshed.state).toMatchObject({ token: secret(present), revoked: false });
    expect((await engine.preview(refreshed, wanted)).step).toBe("same");
    await engine.delete(official);
    expect((await rows()).filter(({ token_id }) => token_id === refreshed.state.tokenId)).toEqual(
      [],
    );
  });

  it.each([
    ["two ends", { expiresAt: "2027-05-01", rotationConfiguration }, ["expiresAt"]],
    ["a time in place of a day", { expiresAt: "2027-05-01T00:00:00Z" }, ["expiresAt"]],
    ["a past end", { expiresAt: "2027-03-01", validatePastExpirationDate: true }, ["expiresAt"]],
    [
      "a rotation at every update",
      { rotationConfiguration: { expirationDays: 7, rotateBeforeDays: 7 } },
      ["rotationConfiguration.rotateBeforeDays"],
    ],
    ["a scope that is none", { scopes: ["sudo"] }, ["scopes.0"]],
    ["a role that is none", { accessLevel: "boss" }, ["accessLevel"]],
  ])("is refused before any call for %s", async (_case, given, properties) => {
    const check = scene.engine.check(token, "bad", inputs(given));
    await expect(check).rejects.toMatchObject({ properties });
  });

  it("whose answer was lost is told, and again when another like it is made", async () => {
    scene.sandbox.faults.next({ method: "POST", reply: "drop" });
    const wanted = inputs({ name: "lost" });
    await expect(scene.engine.create(token, "lost", wanted)).rejects.toThrow(
      /POST \/projects\/\d+\/access_tokens got no answer: .* revoke it there if it is in the list/,
    );
    await scene.engine.create(token, "lost", wanted);
    expect(scene.engine.told).toContainEqual(
      expect.stringMatching(/has a token "lost" like the new one already, \d+\. .* revoke it/),
    );
  });

  it("that a developer may not make, fails with GitLab's words", async () => {
    const { token: developer } = await addMember(scene, "dev", Number(project), 30);
    const engine = await scene.connect({ token: developer });
    await expect(engine.create(token, "denied", inputs())).rejects.toThrow(
      "User does not have permission to create project access token",
    );
  });

  it("is not looked for under an id without its number", async () => {
    await expect(scene.engine.import(token, "bad", "datahook:bot")).rejects.toThrow(
      'id "datahook:bot" has "bot" where a number belongs',
    );
  });
});
