import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Values } from "../../plugins/kit/wire.ts";
import { devConfiguration, type Outcome } from "../support/engine-stack.ts";
import { nothing, takeInventory } from "../support/inventory.ts";
import { type Scene, sceneForTest, startScene } from "./scene.ts";

/** Secrets that can be kept, each at its path. */
const kept = {
  "trunkline:packages.datahook.variables.TOKEN": "hush-package",
  "trunkline:packages.datahook.variables.KEY.value": "hush-two\nlines-of-a-key",
  "trunkline:packages.datahook.variables.URL[1].value": "hush-for-reviews",
  "trunkline:variables.SHARED": "hush-group",
  "trunkline:runners.infra.cacheSecret": "hush-cache",
  "trunkline:runners.infra.cache.accessId": "hush-access",
  "trunkline:runners.infra.advanced.runners.pre_build_script": "echo hush-script",
};

/** What nobody may see: every word of the secrets. */
const words = Object.values(kept).flatMap((value) => value.match(/[a-z]+-[a-z-]+/g) ?? []);

let scene: Scene;
let applied: Outcome;

beforeAll(async () => {
  scene = await startScene({ configuration: await withVariables() });
  for (const [path, value] of Object.entries(kept)) await scene.stack.setSecret(path, value);
  applied = await scene.stack.up();
});

afterAll(() => scene?.stop());

describe("secrets of the configuration, applied", () => {
  test("are in GitLab, masked", async () => {
    expect(applied.succeeded, applied.text).toBe(true);
    expect(await look("/projects/infra%2Fdatahook/variables/TOKEN")).toMatchObject({
      value: kept["trunkline:packages.datahook.variables.TOKEN"],
      masked: true,
      raw: true,
    });
    expect(await look("/groups/infra/variables/SHARED")).toMatchObject({ masked: true });
    const scoped = "/projects/infra%2Fdatahook/variables/URL?filter[environment_scope]=review/*";
    expect(await look(scoped)).toMatchObject({ value: "hush-for-reviews", masked: true });
  });

  test("are in GitLab without a mask where that is said", async () => {
    expect(await look("/projects/infra%2Fdatahook/variables/KEY")).toMatchObject({
      value: kept["trunkline:packages.datahook.variables.KEY.value"],
      masked: false,
      variable_type: "file",
    });
  });

  test("leave what is none as it was", async () => {
    expect(await look("/projects/infra%2Fdatahook/variables/PLAIN")).toMatchObject({
      value: "in-the-clear",
      masked: false,
    });
    expect(await scene.stack.readState()).toContain("in-the-clear");
  });

  test("reach the runner's configuration, which is a secret itself", async () => {
    const { runnerConfigs } = await scene.stack.outputs();
    for (const word of ["hush-cache", "hush-access", "hush-script"]) {
      expect(JSON.stringify(runnerConfigs)).toContain(word);
    }
  });

  test("are in no state, output, event or committed file", async () => {
    const preview = await scene.stack.preview();
    expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
    await expectNowhere(applied, preview);
    const refreshed = await scene.stack.refresh();
    expect(refreshed, refreshed.text).toMatchObject({ succeeded: true, steps: {} });
    await expectNowhere(refreshed);
  });

  test("are nowhere when they change, nor what they were", async () => {
    await scene.stack.setSecret("trunkline:variables.SHARED", "hush-newer");
    const preview = await scene.stack.preview();
    expect(preview.steps).toEqual({ "GroupVariable packages-SHARED": "update value" });
    const changed = await scene.stack.up();
    expect(changed.succeeded, changed.text).toBe(true);
    expect(await look("/groups/infra/variables/SHARED")).toMatchObject({ value: "hush-newer" });
    words.push("hush-newer");
    await expectNowhere(preview, changed);
  });

  test("are found in the file that Pulumi is told to take", async () => {
    const { folder } = scene.stack;
    await copyFile(join(folder, "Pulumi.dev.yaml"), join(folder, "other.yaml"));
    await scene.stack.configure({
      "trunkline:packages": undefined,
      "trunkline:variables": undefined,
    });
    const refused = await scene.stack.startUp("--config-file", "other.yaml");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stdout).toMatch(/trunkline:packages has secrets.*PULUMI_OPTION_CONFIG_FILE/);
    scene.stack.connect({ PULUMI_OPTION_CONFIG_FILE: "other.yaml" });
    const preview = await scene.stack.preview();
    expect(preview, preview.text).toMatchObject({ succeeded: true, steps: {} });
  });
});

test("secrets where none can be kept are refused by path, and no server is asked", async () => {
  const { servers, stack } = await sceneForTest();
  const misplaced = [
    "trunkline:registry",
    "trunkline:packages.datahook.cmakeArguments[0]",
    "trunkline:packages.datahook.description",
    "trunkline:runners.infra.environment.TOKEN",
  ];
  for (const path of misplaced) await stack.setSecret(path, "hush-misplaced");
  servers.gitlab.sandbox.requests.reset();
  const refused = await stack.up();
  expect(refused.succeeded).toBe(false);
  for (const path of misplaced) expect(refused.text).toContain(`${path} is a secret, but `);
  expect(`${refused.text}${refused.log}`).not.toContain("hush");
  expect(servers.gitlab.sandbox.requests.total()).toBe(0);
  expect(await takeInventory(servers)).toEqual(nothing);
});

test("a secret that GitLab cannot mask is refused with the reason", async () => {
  const { stack } = await sceneForTest();
  await stack.setSecret("trunkline:packages.ying.variables.PIN", "1234567");
  const { succeeded, text } = await stack.up();
  expect(succeeded).toBe(false);
  expect(text.replace(/\s+/g, " ")).toContain(
    "trunkline:packages.ying.variables.PIN is a secret that GitLab cannot mask: it has fewer than 8 characters.",
  );
  expect(text).not.toContain("1234567");
});

async function withVariables(): Promise<Record<string, unknown>> {
  const configuration = structuredClone(await devConfiguration());
  const packages = configuration["trunkline:packages"] as Record<string, Values>;
  const runners = configuration["trunkline:runners"] as Record<string, Values>;
  packages.datahook = {
    ...packages.datahook,
    variables: {
      PLAIN: "in-the-clear",
      KEY: { file: true, masked: false },
      URL: [{ value: "https://example.com" }, { environmentScope: "review/*" }],
    },
  };
  runners.infra = { ...runners.infra, cache: { type: "s3", bucket: "ci" } };
  return configuration;
}

function look(path: string): Promise<Values | undefined> {
  return scene.servers.gitlab.look<Values>(path);
}

async function expectNowhere(...outcomes: readonly Outcome[]): Promise<void> {
  const files = ["infra%2Fdatahook", "infra%2Fci"].map(async (project) => {
    const file = project.endsWith("ci") ? "package-v1.yml" : ".gitlab-ci.yml";
    const found = await look(`/projects/${project}/repository/files/${file}?ref=main`);
    return Buffer.from(String(found?.content), "base64").toString("utf8");
  });
  const places = [
    await scene.stack.readState(),
    ...(await Promise.all(files)),
    ...outcomes.flatMap(({ text, log }) => [text, log]),
  ];
  for (const place of places) {
    expect(place).not.toBe("");
    for (const word of words) expect(place).not.toContain(word);
  }
}
