import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfiguration } from "../../configuration/configuration.ts";
import { renderPipeline } from "../../pipeline/render.ts";
import type { Values } from "../../plugins/kit/wire.ts";
import { planPipelines } from "../../stack/plan.ts";
import { devConfiguration, type Outcome } from "../support/engine-stack.ts";
import { devStack, takeInventory } from "../support/inventory.ts";
import { type Scene, startScene } from "./scene.ts";

let scene: Scene;
let applied: Outcome;

beforeAll(async () => {
  scene = await startScene();
  applied = await scene.stack.up();
});

afterAll(() => scene?.stop());

describe("the dev stack, applied", () => {
  test("is all that is on the servers", async () => {
    expect(applied.succeeded, applied.text).toBe(true);
    expect(await takeInventory(scene.servers)).toEqual(devStack);
  });

  test.each(["ying", "datahook"])(
    "clones for every job of %s and keeps to the merge rules",
    async (name) => {
      expect(await look(`/projects/infra%2F${name}`)).toMatchObject({
        build_git_strategy: "clone",
        ci_config_path: ".gitlab-ci.yml",
        default_branch: "main",
        visibility: "private",
        only_allow_merge_if_pipeline_succeeds: true,
        auto_devops_enabled: false,
      });
      expect(await look(`/projects/infra%2F${name}/protected_branches/main`)).toMatchObject({
        push_access_levels: [{ access_level: 40 }],
        merge_access_levels: [{ access_level: 30 }],
        allow_force_push: false,
      });
    },
  );

  test.each(["ying", "datahook"])(
    "committed the pipeline that is rendered for %s, once",
    async (name) => {
      expect(await committedPipeline(name)).toBe(await renderedPipeline(name));
      const commits = await look<Values[]>(`/projects/infra%2F${name}/repository/commits`);
      expect(commits).toMatchObject([{ title: "Add the pipeline" }]);
    },
  );

  test("registered the runner with its tag, for the group", async () => {
    const [runner] = (await look<{ id: number }[]>("/groups/infra/runners")) ?? [];
    expect(await look(`/runners/${runner?.id}`)).toMatchObject({
      description: "infra",
      runner_type: "group_type",
      tag_list: ["infra"],
      run_untagged: false,
    });
  });

  test("hands aptly's password to protected branches only, masked", async () => {
    const { APTLY_PASSWORD: value } = scene.servers.environment;
    expect(await look("/groups/infra/variables/APTLY_PASSWORD")).toMatchObject({
      value,
      masked: true,
      protected: true,
      raw: true,
    });
    expect(await look("/groups/infra/variables/APT_URL")).toMatchObject({ protected: false });
  });

  test.each(["bookworm", "trixie"])("signs the publication of %s with aptly's key", (codename) => {
    const { aptly, keyring } = scene.servers;
    const release = join(aptly.published, "trunk/dists", codename, "InRelease");
    const verdict = execFileSync("gpgv", ["--keyring", keyring, "--output", "-", release], {
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(verdict).toContain(`Codename: ${codename}\n`);
    expect(verdict).toContain("Architectures: amd64\n");
  });

  test("keeps every secret out of its state, its output and the committed files", async () => {
    const outputs = await scene.stack.outputs();
    const [runnerToken] = /glrt-[\w.-]+/.exec(JSON.stringify(outputs.runnerConfigs)) ?? [];
    const { GITLAB_TOKEN, APTLY_PASSWORD } = scene.servers.environment;
    const secrets = [runnerToken, GITLAB_TOKEN, APTLY_PASSWORD];
    expect(secrets).toEqual(Array(3).fill(expect.stringMatching(/.{8}/)));
    const places = [
      await scene.stack.readState(),
      applied.text,
      (await scene.stack.preview()).text,
      await committedPipeline("datahook"),
    ];
    for (const place of places) {
      for (const secret of secrets) expect(place).not.toContain(secret);
    }
  });

  test("previews no change and a second up makes none", async () => {
    const before = await snapshot();
    expect(await scene.stack.preview()).toMatchObject({ succeeded: true, steps: {} });
    const { requests } = scene.servers.gitlab.sandbox;
    requests.reset();
    const again = await scene.stack.up();
    expect(again, again.text).toMatchObject({ succeeded: true, steps: {} });
    expect(writes(requests.counts())).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  test("refreshes without a change, and then still previews none", async () => {
    const refreshed = await scene.stack.refresh();
    expect(refreshed, refreshed.text).toMatchObject({ succeeded: true, steps: {} });
    expect(await scene.stack.preview()).toMatchObject({ succeeded: true, steps: {} });
  });
});

function look<T = Values>(path: string): Promise<T | undefined> {
  return scene.servers.gitlab.look<T>(path);
}

async function committedPipeline(name: string): Promise<string> {
  const file = await look<{ content: string }>(
    `/projects/infra%2F${name}/repository/files/.gitlab-ci.yml?ref=main`,
  );
  return Buffer.from(file?.content ?? "", "base64").toString("utf8");
}

async function renderedPipeline(name: string): Promise<string> {
  const own = Object.entries(await devConfiguration()).flatMap(([key, value]) =>
    key.startsWith("trunkline:") ? [[key.replace("trunkline:", ""), value]] : [],
  );
  const options = { today: new Date(), stack: "dev" };
  const pipeline = planPipelines(readConfiguration(Object.fromEntries(own), options))[name];
  if (!pipeline) throw new Error(`the dev stack has no package ${name}`);
  return renderPipeline(pipeline);
}

async function snapshot() {
  return {
    inventory: await takeInventory(scene.servers),
    projects: await look("/groups/infra/projects"),
    commits: await look("/projects/infra%2Fying/repository/commits"),
    publications: await scene.servers.aptly.raw("GET", "/publish"),
  };
}

function writes(counts: Readonly<Record<string, number>>): string[] {
  return Object.keys(counts).filter((route) => !route.startsWith("GET "));
}
