import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GitLabScene } from "../../../test/support/gitlab-scene.ts";
import { addMember, addProject } from "../../../test/support/gitlab-user.ts";
import { describeLifecycle } from "../../../test/support/lifecycle.ts";
import type { Stored } from "../../../test/support/mini-engine.ts";
import type { Values } from "../../kit/wire.ts";

const token = "gitlab:index/pipelineSchedule:PipelineSchedule";

const urlOf = (id: string) => `/projects/${id.replace(":", "/pipeline_schedules/")}`;

describeLifecycle({
  token,
  async start() {
    const scene = await GitLabScene.start();
    const project = `${await addProject(scene, "datahook")}`;
    const other = `${await addProject(scene, "ying")}`;
    return {
      engine: scene.engine,
      inputs: {
        project,
        description: "nightly",
        ref: "main",
        cron: "30 3 * * 1-5",
        inputs: [{ name: "suite", value: "all" }],
      },
      update: {
        inputs: {
          cron: "0 4 * * *",
          cronTimezone: "Europe/Berlin",
          active: false,
          inputs: [{ name: "depth", value: "1" }],
        },
        seen: {
          cron: "0 4 * * *",
          cron_timezone: "Europe/Berlin",
          active: false,
          inputs: [{ name: "depth", value: "1" }],
        },
      },
      replace: { project: other },
      look: (id) => scene.look(urlOf(id)),
      removeByHand: (id) => scene.call("DELETE", urlOf(id)),
      loseAnswer: () => scene.loseAnswer(),
      stop: () => scene.stop(),
    };
  },
});

describe("a pipeline schedule", () => {
  let scene: GitLabScene;
  let project: string;
  let colleague: { id: number; token: string };
  beforeAll(async () => {
    scene = await GitLabScene.start();
    project = `${await addProject(scene, "datahook")}`;
    colleague = await addMember(scene, "colleague", Number(project), 40);
  });
  afterAll(async () => {
    await scene?.stop();
  });

  const inputs = (more: Values = {}) => ({
    project,
    description: "nightly",
    ref: "main",
    cron: "30 3 * * *",
    ...more,
  });

  const createByColleague = async (more: Values = {}): Promise<Stored> =>
    (await scene.connect({ token: colleague.token })).create(token, "theirs", inputs(more));

  it("may name its branch in short or in full, whatever GitLab stores", async () => {
    const stored = await scene.engine.create(token, "ref", inputs());
    expect(await scene.look(urlOf(stored.id))).toMatchObject({ ref: "refs/heads/main" });
    const preview = (ref: string) => scene.engine.preview(stored, inputs({ ref }));
    expect((await preview("main")).step).toBe("same");
    expect((await preview("refs/heads/main")).step).toBe("same");
    expect(await preview("stable")).toEqual({ step: "update", changed: ["ref"] });
    expect(await preview("refs/heads/stable")).toEqual({ step: "update", changed: ["ref"] });
  });

  it("is refused before any call for a time that is none", async () => {
    const check = scene.engine.check(token, "bad", inputs({ cron: "at noon" }));
    await expect(check).rejects.toMatchObject({
      properties: ["cron"],
      message: expect.stringContaining('cron "at noon" is not a cron expression'),
    });
  });

  it("fails with GitLab's words for a time zone that is none", async () => {
    const create = scene.engine.create(
      token,
      "zone",
      inputs({ description: "zone", cronTimezone: "Mars/Olympus" }),
    );
    await expect(create).rejects.toThrow(/answered 400: cron_timezone/);
  });

  it("that was changed by hand is put back", async () => {
    const wanted = inputs({ description: "drift" });
    const stored = await scene.engine.create(token, "drift", wanted);
    await scene.call("PUT", urlOf(stored.id), { cron: "0 0 1 1 *", active: false });
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    expect(await engine.preview(refreshed, wanted)).toEqual({
      step: "update",
      changed: ["cron", "active"],
    });
    await engine.up(refreshed, wanted);
    expect(await scene.look(urlOf(stored.id))).toMatchObject({ cron: "30 3 * * *", active: true });
  });

  it("is not written to when nothing differs", async () => {
    const wanted = inputs({ description: "calm" });
    const stored = await scene.engine.create(token, "calm", wanted);
    scene.sandbox.requests.reset();
    await scene.engine.update(stored, wanted);
    expect(scene.sandbox.requests.counts()).toEqual({
      "GET /projects/:id/pipeline_schedules/:sid": 1,
    });
  });

  it("of somebody else stays theirs unless told otherwise", async () => {
    const stored = await createByColleague({ description: "theirs 1" });
    const { stored: after } = await scene.engine.up(stored, inputs({ description: "weekly" }));
    expect(after.state).toMatchObject({ owner: colleague.id, description: "weekly" });
  });

  it("of somebody else is taken over where that is asked for", async () => {
    const stored = await createByColleague({ description: "theirs 2" });
    const wanted = inputs({ takeOwnership: true, description: "weekly" });
    const { step, stored: after } = await scene.engine.up(stored, wanted);
    expect(step).toBe("update");
    expect(after.state).toMatchObject({ owner: 1, takeOwnership: true });
    expect(await scene.look(urlOf(stored.id))).toMatchObject({
      owner: { username: "root" },
      description: "weekly",
    });
  });

  it("that somebody took over by hand is taken back, once", async () => {
    const wanted = inputs({ takeOwnership: true, description: "taken" });
    const stored = await scene.engine.create(token, "taken", wanted);
    const theirs = await scene.connect({ token: colleague.token });
    await theirs.update(stored, wanted);
    const engine = await scene.connect();
    const refreshed = await engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    const { step, stored: after } = await engine.up(refreshed, wanted);
    expect(step).toBe("update");
    expect(await engine.preview(after, wanted)).toEqual({ step: "same", changed: [] });
    expect(await scene.look(urlOf(stored.id))).toMatchObject({ owner: { username: "root" } });
  });

  it("of somebody else that GitLab refuses to change, says how to get it", async () => {
    const stored = await createByColleague({ description: "theirs 3" });
    const path = "/projects/:id/pipeline_schedules/:sid";
    scene.sandbox.faults.next({ method: "PUT", path, reply: { status: 403 } });
    await expect(scene.engine.up(stored, inputs({ description: "weekly" }))).rejects.toThrow(
      `belongs to user "colleague" and GitLab refuses to change it. Set takeOwnership: true`,
    );
  });

  it("of the same description and branch that differs, or is somebody else's, is not made twice", async () => {
    const wanted = inputs({ description: "twice" });
    const { id } = await scene.engine.create(token, "first", wanted);
    const other = inputs({ description: "twice", cron: "0 4 * * *" });
    await expect(scene.engine.create(token, "second", other)).rejects.toThrow(
      `description "twice" is there already. Either give this one another description, or to manage it here, run: pulumi import ${token} second ${id} `,
    );
    const theirs = inputs({ description: "theirs 4" });
    await createByColleague(theirs);
    const engine = await scene.connect();
    await expect(engine.create(token, "second", theirs)).rejects.toThrow("is there already");
  });

  it("is not looked for under an id without its number", async () => {
    await expect(scene.engine.import(token, "bad", "datahook:nightly")).rejects.toThrow(
      'id "datahook:nightly" has "nightly" where a number belongs',
    );
  });
});
